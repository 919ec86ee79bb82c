// The composition root of `scorpiox`: the process's arguments, streams and environment in, an exit code out.
import { processIo } from './io.ts';
import { run } from './program.ts';

process.exitCode = await run(process.argv.slice(2), processIo());
// Something may still hold the loop (a terminal's standard input); what was written has to get out first.
process.stdout.write('', () => process.exit());
