// Puts many messages into new/ as fast as it can: flood.ts MAILDIR COUNT
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , maildir = '', count = '0'] = process.argv;
for (let number = 0; number < Number(count); number += 1) {
  writeFileSync(join(maildir, 'new', `1700000000.M${number}P1.flood`), `Subject: ${number}\n\n`);
}
