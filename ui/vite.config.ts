import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const GOODS = fileURLToPath(new URL('./shared/goods/', import.meta.url));

/** Ships the drawn goods beside the page as `goods/<sku>.svg`, under the very names the catalogue uses. */
function goods(): Plugin {
  return {
    name: 'goods',
    configureServer(server) {
      server.middlewares.use('/goods', (request, response, next) => {
        const file = (request.url ?? '').slice(1);
        if (!/^[a-z0-9-]+\.svg$/.test(file) || !existsSync(GOODS + file)) return next();
        response.setHeader('content-type', 'image/svg+xml').end(readFileSync(GOODS + file));
      });
    },
    generateBundle() {
      for (const file of readdirSync(GOODS).filter((name) => name.endsWith('.svg'))) {
        this.emitFile({ type: 'asset', fileName: `goods/${file}`, source: readFileSync(GOODS + file) });
      }
    },
  };
}

/** One small build a page: `vite build --config ui/vite.config.ts --mode kiosk` (or console, rig) into dist/ui/<page>. */
export default defineConfig(({ mode }) => {
  const page = ['kiosk', 'console', 'rig'].includes(mode) ? mode : 'kiosk';
  return {
    root: fileURLToPath(new URL(`./${page}`, import.meta.url)),
    publicDir: fileURLToPath(new URL(`./${page}/public`, import.meta.url)),
    base: './',
    plugins: page === 'kiosk' ? [goods()] : [],
    build: {
      outDir: fileURLToPath(new URL(`../dist/ui/${page}`, import.meta.url)),
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: true,
    },
    logLevel: 'warn',
  };
});
