// Begins a backup and is killed once so many messages are in it.
import { backUpMail } from '../../src/index.ts';

const [maildir = '', indexFile = '', root = '', after = '0'] = process.argv.slice(2);
await backUpMail({
  ...{ maildir, indexFile, user: 'alice', root },
  onProgress: (done) => {
    if (done >= Number(after)) process.kill(process.pid, 'SIGKILL');
  },
});
