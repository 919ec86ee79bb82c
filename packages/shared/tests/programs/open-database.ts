// Opens the database named by its argument and makes sure of one application: started several times at once by a test.
import { openControl } from '../../src/database/index.ts';

const result = await openControl({ kind: 'sqlite', file: process.argv[2] ?? '' });
if (!result.ok) throw new Error(result.error.message);
await result.value.ensureApp('shop');
await result.value.close();
process.disconnect();
