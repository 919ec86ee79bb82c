// Starts the thread of the text index for the Maildir and index that are named, and ends it, while V8 frees WebAssembly's
// code as eagerly as it can and says so on stdout.
import { setFlagsFromString } from 'node:v8';
import { textWorker } from '../../src/index.ts';

const [, , maildir = '', indexFile = ''] = process.argv;
const service = textWorker();
const text = service.open({ maildir, indexFile, textFile: `${indexFile}.text` }, () => {});
const built = text.build(undefined);
setFlagsFromString('--stress-wasm-code-gc');
setFlagsFromString('--trace-wasm-code-gc');
await built;
await text.close();
await service.close();
process.stdout.write('closed\n');
