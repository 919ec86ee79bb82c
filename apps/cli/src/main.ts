// The composition root of `scorpiox`: the process's arguments, streams and environment in, an exit code out.
import { processIo } from './io.ts';
import { codeWithOutput, run } from './program.ts';

const io = processIo();
const code = await run(process.argv.slice(2), io);
// Something may still hold the loop (a terminal's standard input); what was written has to get out first, or to fail.
process.stdout.write('', () => setImmediate(() => process.exit(codeWithOutput(code, io))));
