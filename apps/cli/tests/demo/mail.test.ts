import { describe, expect, it } from 'vitest';
import { demoMessages } from '../../src/ops/demo/mail/collection.ts';
import { writeMessage } from '../../src/ops/demo/mail/mime.ts';

const NOW = Date.UTC(2026, 2, 21, 12);
const text = (content: Uint8Array) => Buffer.from(content).toString('latin1');

describe('demoMessages', () => {
  const messages = demoMessages(NOW);

  it('fills INBOX, Sent and Archive with a few dozen messages, oldest first', () => {
    const folders = Map.groupBy(messages, ({ folder }) => folder);
    expect([...folders.keys()].sort()).toEqual(['Archive', 'INBOX', 'Sent']);
    expect(messages.length).toBeGreaterThan(30);
    expect(messages.map(({ date }) => date)).toEqual(messages.map(({ date }) => date).sort((a, b) => a - b));
    expect(messages.every(({ date }) => date < NOW)).toBe(true);
  });

  it('is the same every time, so that a setup that was interrupted goes on where it was', () => {
    expect(demoMessages(NOW)).toEqual(messages);
  });

  it('writes messages that any reader takes: CRLF, 7 bits, short lines, ids of their own', () => {
    for (const { content } of messages) {
      expect(text(content)).not.toMatch(/[^\r]\n|\r[^\n]|[^\t\r\n -~]/);
      expect(
        Math.max(
          ...text(content)
            .split('\r\n')
            .map((line) => line.length),
        ),
      ).toBeLessThanOrEqual(200);
    }
    const ids = messages.map(({ content }) => /^Message-ID: (.*)$/m.exec(text(content))?.[1]);
    expect(new Set(ids).size).toBe(messages.length);
  });

  it('refers each answer to what it answers', () => {
    const ids = new Set(messages.map(({ content }) => /^Message-ID: (\S*)/m.exec(text(content))?.[1]));
    const answers = messages.flatMap(({ content }) => /^In-Reply-To: (\S*)/m.exec(text(content))?.[1] ?? []);
    expect(answers.length).toBeGreaterThan(8);
    expect(answers.every((id) => ids.has(id))).toBe(true);
  });
});

describe('writeMessage', () => {
  const base = {
    messageId: 'a@b.example',
    date: new Date(NOW),
    from: { name: '田中', address: 'a@b.example' },
    to: { name: 'B', address: 'b@b.example' },
  };

  it('encodes names and texts that are not ASCII', () => {
    const written = text(writeMessage({ ...base, subject: 'Grüße', text: 'a=b\nœ ' }));
    expect(written).toContain(`From: =?utf-8?B?${Buffer.from('田中').toString('base64')}?= <a@b.example>\r\n`);
    expect(written).toContain(`Subject: =?utf-8?B?${Buffer.from('Grüße').toString('base64')}?=\r\n`);
    expect(written).toContain('Date: Sat, 21 Mar 2026 12:00:00 +0000\r\n');
    expect(written.endsWith('\r\n\r\na=3Db\r\n=C5=93=20')).toBe(true);
  });

  it('breaks long lines softly', () => {
    const written = text(writeMessage({ ...base, subject: 's', text: 'é'.repeat(60) }));
    const lines = written.split('\r\n\r\n')[1]?.split('\r\n') ?? [];
    expect(lines.every((line) => line.length <= 76)).toBe(true);
    expect(lines.join('\n').replaceAll('=\n', '')).toBe('=C3=A9'.repeat(60));
  });
});
