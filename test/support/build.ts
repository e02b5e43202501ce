import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Before any test: dist/ is of the sources as they are now. Costs a hash of the sources when nothing changed. */
export default function setup(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const built = spawnSync(process.execPath, ['deploy/workshop/build.cjs'], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the build failed; see above');
}
