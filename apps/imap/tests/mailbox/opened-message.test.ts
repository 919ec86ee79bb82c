import { expect, test } from 'vitest';
import { Hub } from '../../src/mailbox/hub.ts';
import { OpenedMessage } from '../../src/mailbox/opened-message.ts';
import { FakeMailbox } from '../support/fake-mailbox.ts';
import { overriding } from '../support/overriding.ts';

test('a huge header is parsed with pauses, and as if there were none', async () => {
  const octets = Buffer.from(`Subject : long\r\n${`X-Filler: ${'x'.repeat(90)}\r\n`.repeat(10_000)}To: ann@x\r\n\r\n`);
  const mailbox = new FakeMailbox();
  mailbox.add();
  const content = {
    size: octets.length,
    read: async (start = 0, length = octets.length) => octets.subarray(start, start + length),
    stream: async function* () {
      yield octets;
    },
    close: async () => {},
  };
  const hub = new Hub(overriding(mailbox, { open: async () => ({ ok: true, value: content }) }));
  const [state] = mailbox.states();
  if (state === undefined) throw new Error('no message');
  let pauses = 0;
  const message = new OpenedMessage(hub, state.uid, async () => {
    pauses += 1;
  });
  expect(await message.wireText('ENVELOPE')).toMatch(/"long".*"ann" "x"/);
  expect((await message.header()).length).toBe(octets.length);
  expect(pauses).toBeGreaterThanOrEqual(octets.length / (64 * 1024));
  await message.close();
});
