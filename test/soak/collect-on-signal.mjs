// Loaded into agents and hub by the soak, and by nothing else: collects garbage when it is told to, so that what is resident is
// what is in use. By itself V8 lets the heap of an agent that uses 30 MB grow to 135 MB before it looks.
import v8 from 'node:v8';
import vm from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  process.on('SIGUSR2', () => collect());
}
