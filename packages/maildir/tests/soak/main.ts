// The soak for as long as wanted: npm run soak -- [MINUTES] [SEED]. Ends with 1 when something was wrong.
import { randomInt } from 'node:crypto';
import { soak } from './soak.ts';

const [, , minutes = '5', seed = String(randomInt(1_000_000))] = process.argv;
const end = performance.now() + Number(minutes) * 60_000;
process.stdout.write(`soak of ${minutes} minutes, seed ${seed}\n`);
const report = await soak({
  seed: Number(seed),
  actions: 200,
  more: () => performance.now() < end,
});
const counts = [...report.tally].sort().map(([what, times]) => `${what} ${times}`);
process.stdout.write(`${report.turns} turns: ${counts.join(', ')}\n`);
for (const one of report.wrong) process.stdout.write(`WRONG: ${one}\n`);
process.stdout.write(
  report.wrong.length === 0 ? 'nothing wrong\n' : `again with: npm run soak -- ${minutes} ${seed}\n`,
);
process.exitCode = report.wrong.length === 0 ? 0 : 1;
