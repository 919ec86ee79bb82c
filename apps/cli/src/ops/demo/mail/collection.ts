import { crc32, deflateSync } from 'node:zlib';
import { CONVERSATIONS, type Conversation, type Folder, type Letter, PEOPLE } from './conversations.ts';
import { type Attachment, writeMessage } from './mime.ts';

/** A message of the demonstration, ready to be stored. */
export interface DemoMessage {
  readonly folder: Folder;
  readonly flags: readonly string[];
  /** Milliseconds since the epoch. */
  readonly date: number;
  readonly content: Uint8Array;
}

const HOUR_MS = 3_600_000;

/** Every message, oldest first, as if the demonstration had been set up at `now` (milliseconds since the epoch). */
export function demoMessages(now: number): DemoMessage[] {
  return CONVERSATIONS.flatMap((conversation, index) =>
    conversation.letters.map((letter, place) => message(conversation, index, letter, place, now)),
  ).sort((a, b) => a.date - b.date);
}

const idOf = (conversation: number, letter: number): string => `c${conversation}.m${letter}@demo.scorpiox.example`;

function message(conversation: Conversation, index: number, letter: Letter, place: number, now: number): DemoMessage {
  const date = Math.floor((now - letter.hoursAgo * HOUR_MS) / 1000) * 1000;
  const content = writeMessage({
    messageId: idOf(index, place),
    date: new Date(date),
    from: PEOPLE[letter.from],
    to: PEOPLE[letter.to ?? 'demo'],
    subject: `${place === 0 ? '' : 'Re: '}${conversation.subject}`,
    text: letter.text,
    references: Array.from({ length: place }, (_, earlier) => idOf(index, earlier)),
    ...(letter.html ? { html: htmlOf(letter.text) } : {}),
    ...(letter.attach === undefined ? {} : { attachment: ATTACHMENTS[letter.attach](date) }),
    ...(letter.from === 'list' ? { listId: 'members.sailing.example' } : {}),
  });
  return { folder: letter.folder, flags: letter.flags ?? [], date, content };
}

function htmlOf(text: string): string {
  const paragraphs = text.split('\n\n').map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br>')}</p>`);
  return `<!doctype html>\n<html><body style="font-family: sans-serif">\n${paragraphs.join('\n')}\n</body></html>\n`;
}

const ATTACHMENTS: Readonly<Record<NonNullable<Letter['attach']>, (date: number) => Attachment>> = {
  invitation: (date) => ({
    fileName: 'planning.ics',
    type: 'text/calendar; method=REQUEST; charset=utf-8',
    content: new TextEncoder().encode(invitation(date)),
  }),
  table: () => ({
    fileName: 'readings.csv',
    type: 'text/csv; charset=utf-8',
    content: new TextEncoder().encode(table()),
  }),
  picture: () => ({ fileName: 'lighthouse.png', type: 'image/png', content: bluePicture(48) }),
};

function invitation(date: number): string {
  const stamp = (ms: number) => `${new Date(ms).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
  const start = date + 72 * HOUR_MS;
  const lines = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Scorpiox//Demonstration//EN', 'METHOD:REQUEST', 'BEGIN:VEVENT'],
    ...['UID:planning@demo.scorpiox.example', `DTSTAMP:${stamp(date)}`, `DTSTART:${stamp(start)}`],
    ...[
      `DTEND:${stamp(start + HOUR_MS)}`,
      'SUMMARY:Planning',
      `ORGANIZER;CN=Mira Lindqvist:mailto:${PEOPLE.mira.address}`,
    ],
    ...[`ATTENDEE;RSVP=TRUE:mailto:${PEOPLE.demo.address}`, 'END:VEVENT', 'END:VCALENDAR', ''],
  ];
  return lines.join('\r\n');
}

function table(): string {
  const rows = Array.from(
    { length: 48 },
    (_, hour) => `${hour},${(2.1 + 1.4 * Math.sin(hour / 1.98)).toFixed(2)},${hour === 20}`,
  );
  return ['hour,level_m,cleaned', ...rows, ''].join('\r\n');
}

/** A square PNG in one colour (PNG specification §5, §11): each row is a filter byte and its RGB pixels. */
function bluePicture(side: number): Uint8Array {
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(side * 3, Buffer.of(0x2b, 0x59, 0xc3))]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)));
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
