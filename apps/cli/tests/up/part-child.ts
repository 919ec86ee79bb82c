// A part for the keeper's tests: it does what its one argument, in PART_DOES, says.
import { spawn } from 'node:child_process';

const does = process.env.PART_DOES ?? '';
const ready = () => process.send?.({ type: 'ready', addresses: [`test://${process.pid}`] });

if (does === 'port-in-use') {
  process.stderr.write('Port 1143 is in use.\n');
  process.exit(69);
} else if (does === 'crash') {
  process.exit(1);
} else {
  if (does === 'deaf') process.on('SIGTERM', () => undefined);
  else process.on('SIGTERM', () => process.exit(0));
  // A grandchild that would outlive everybody if it were not for the process group.
  const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  process.stdout.write(`grandchild ${grandchild.pid}\n`);
  grandchild.once('spawn', ready);
  process.on('disconnect', () => process.exit(0));
}
