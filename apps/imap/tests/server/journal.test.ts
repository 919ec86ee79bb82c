/**
 * "Just refresh and it works": UID STORE renames the message's file, and the UID FETCH behind it does not find it. Here
 * the file is renamed by this session, by another one, and by another process, all the time.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { transcript } from '../support/transcript.ts';

const MESSAGE = `Subject: refresh\r\n\r\n${'and it works\r\n'.repeat(2000)}`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const fetched = (uid: number, flag: RegExp) => (line: string) =>
  line.includes(`UID ${uid} `) && flag.test(line) && line.includes(MESSAGE);

test('STORE and FETCH pipelined, on this connection and on one that selected before', async () => {
  const A = await server.signIn('pipe');
  await A.append('INBOX', MESSAGE);
  await A.ok('SELECT INBOX');
  const B = await server.signIn('pipe');
  await B.ok('SELECT INBOX');
  for (let round = 0; round < 20; round += 1) {
    const change = round % 2 === 0 ? '+FLAGS' : '-FLAGS';
    const flag = round % 2 === 0 ? /FLAGS \([^)]*\\Seen/ : /FLAGS \((?![^)]*\\Seen)/;
    A.send(`s UID STORE 1 ${change} (\\Seen)\r\nf UID FETCH 1 (FLAGS BODY.PEEK[])\r\n`);
    expect((await A.reply('s')).result).toMatch(/^OK STORE/);
    const own = await A.reply('f');
    expect(own.result).toMatch(/^OK FETCH completed\.$/);
    expect(own.untagged.filter(fetched(1, flag))).toHaveLength(1);
    const other = await B.command('UID FETCH 1 (FLAGS BODY.PEEK[])');
    expect(other.result).toBe('OK FETCH completed.');
    expect(other.untagged.filter(fetched(1, flag))).toHaveLength(1);
  }
});

test('while another process renames the file without pause', async () => {
  const A = await server.signIn('moved');
  await A.append('INBOX', MESSAGE);
  await A.ok('SELECT INBOX');
  const cur = join(server.maildir('moved'), 'cur');
  const script = `const fs = require('node:fs');
    let n = 0;
    process.stdout.write('ready');
    for (;;) {
      const [name] = fs.readdirSync(${JSON.stringify(cur)});
      const to = name.split(':2,')[0] + (n++ % 2 ? ':2,S' : ':2,FS');
      try { fs.renameSync(${JSON.stringify(`${cur}/`)} + name, ${JSON.stringify(`${cur}/`)} + to); } catch {}
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }`;
  const mover = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(mover.stdout, 'data');
    for (let round = 0; round < 40; round += 1) {
      A.send(`s UID STORE 1 +FLAGS (\\Seen)\r\nf UID FETCH 1 (FLAGS BODY.PEEK[])\r\n`);
      expect((await A.reply('s')).result).toMatch(/^OK STORE/);
      const { untagged, result } = await A.reply('f');
      expect(result).toBe('OK FETCH completed.');
      expect(untagged.filter(fetched(1, /FLAGS/))).toHaveLength(1);
    }
  } finally {
    mover.kill();
  }
});

test('a person renames a file: IDLE tells, and the next FETCH has it', async () => {
  const A = await server.signIn('person');
  await A.append('INBOX', MESSAGE);
  await A.ok('SELECT INBOX');
  A.send('i IDLE\r\n');
  await A.until('+');
  const cur = join(server.maildir('person'), 'cur');
  const [name = ''] = readdirSync(cur);
  await rename(join(cur, name), join(cur, name.replace(/:2,.*/, ':2,FS')));
  await transcript(
    { A },
    `A> * 1 FETCH (FLAGS (\\Flagged \\Seen…))
     A: DONE
     A> i OK …
     A: f FETCH 1 (BODY.PEEK[HEADER])
     A> * 1 FETCH (BODY[HEADER] {…
     A> f OK …`,
  );
});

test('what another process did a moment ago is true at the next command', async () => {
  const A = await server.signIn('moment');
  await A.append('INBOX', MESSAGE);
  await A.ok('SELECT INBOX');
  const folder = server.maildir('moment');
  const cur = join(folder, 'cur');
  for (let round = 0; round < 5; round += 1) {
    const [name = ''] = readdirSync(cur);
    await rename(join(cur, name), join(cur, name.replace(/:2,.*/, round % 2 === 0 ? ':2,F' : ':2,')));
    const flags = (await A.ok('FETCH 1 (FLAGS)')).filter((line) => line.startsWith('* 1 FETCH'));
    expect(flags[0]).toMatch(round % 2 === 0 ? /Flagged/ : /FLAGS \((?!.*Flagged)/);
  }
  await writeFile(join(folder, 'tmp', 'outside'), MESSAGE);
  await rename(join(folder, 'tmp', 'outside'), join(folder, 'new', '1700000000.outside.host'));
  expect(await A.ok('NOOP')).toContain('* 2 EXISTS');
  const [first = ''] = readdirSync(cur).filter((name) => !name.includes('outside'));
  await unlink(join(cur, first));
  expect(await A.ok('NOOP')).toEqual(['* 1 EXPUNGE']);
});
