// A message of some 200 MB that a mail program uploads and downloads over TLS is never held in memory.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { peakSince, startPeak } from '../support/memory.ts';
import { passwordOf, startPlatform } from '../support/platform.ts';

const block = Buffer.from(`${'x'.repeat(76)}\r\n`.repeat(13_000));
/** Some 200 MB, below the largest message that is taken. */
const BLOCKS = 200;

/** Reads until a line that begins so; returns how many octets came, and that line. */
async function until(socket: TLSSocket, start: string): Promise<{ readonly octets: number; readonly line: string }> {
  let octets = 0;
  let tail = '';
  for (;;) {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) {
      await once(socket, 'readable');
      continue;
    }
    octets += chunk.length;
    tail = (tail + chunk.toString('latin1')).slice(-1000);
    const line = new RegExp(`(?:^|\\r\\n)(${start}[^\\r\\n]*)\\r\\n`).exec(tail)?.[1];
    if (line !== undefined) return { octets, line };
  }
}

async function append(socket: TLSSocket, blocks: number): Promise<string> {
  socket.write(`u APPEND INBOX {${block.length * blocks}+}\r\n`);
  for (let at = 0; at < blocks; at += 1) if (!socket.write(block)) await once(socket, 'drain');
  socket.write('\r\n');
  return (await until(socket, 'u ')).line;
}

test('a large message goes in and out with flat memory', async () => {
  const platform = await startPlatform();
  onTestFinished(async () => void (await platform.stop()));
  await platform.addUser('alice');
  const { imaps: port } = platform.ports;
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: readFileSync(platform.ca) });
  await until(socket, '\\* OK');
  socket.write(`l LOGIN alice "${passwordOf('alice')}"\r\ns SELECT INBOX\r\n`);
  await until(socket, 's OK');
  // A small one first, so that what is measured is the message and not the server's first use of its code.
  expect(await append(socket, 1)).toMatch(/^u OK/);
  socket.write('f FETCH 1 BODY.PEEK[]\r\n');
  await until(socket, 'f OK');

  const size = block.length * BLOCKS;
  const upload = startPeak(platform.process.pid, 'apps/imap');
  expect(await append(socket, BLOCKS)).toMatch(/^u OK/);
  expect(peakSince(upload)).toBeLessThan(size / 2);
  const download = startPeak(platform.process.pid, 'apps/imap');
  socket.write('f FETCH 2 BODY.PEEK[]\r\n');
  expect((await until(socket, 'f OK')).octets).toBeGreaterThan(size);
  expect(peakSince(download)).toBeLessThan(size / 2);
  socket.destroy();
});
