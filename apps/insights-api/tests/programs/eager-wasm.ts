// Opens a store on the database that is named and closes it, while V8 frees WebAssembly's code as eagerly as it can and says
// so on stdout.
import { setFlagsFromString } from 'node:v8';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';

const store = openSqliteStore(process.argv[2] ?? '');
setFlagsFromString('--stress-wasm-code-gc');
setFlagsFromString('--trace-wasm-code-gc');
await store.health();
await store.close();
process.stdout.write('closed\n');
