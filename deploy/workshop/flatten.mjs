import { renameSync } from 'node:fs';
import { rolldown } from 'rolldown';

/** One file of a module and all it imports: hundreds of small files cost a kiosk's start more than their code does. */
const file = process.argv[2];
const bundle = await rolldown({ input: file, platform: 'node' });
await bundle.write({ file: `${file}.flat`, format: 'esm' });
renameSync(`${file}.flat`, file);
