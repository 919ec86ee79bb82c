// Runs a command line of the tool, and kills itself before the statement that is the so-manieth to have a text in it:
// statements are shown before they run.
import { MAIN } from '../../support/scorpiox.ts';

const [text = '', nth = '1', ...args] = process.argv.slice(2);
process.argv.splice(2, process.argv.length, ...args);
let seen = 0;
const write = process.stderr.write.bind(process.stderr);
process.stderr.write = (chunk: string | Uint8Array) => {
  if (String(chunk).includes(text)) seen += 1;
  if (seen === Number(nth)) process.kill(process.pid, 'SIGKILL');
  return write(chunk);
};
await import(MAIN);
