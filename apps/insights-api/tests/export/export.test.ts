import { Readable, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { toCell, toCsvLine } from '../../src/query/export/csv.ts';
import { exportEvents, FORMATS } from '../../src/query/export/export-events.ts';
import type { Asked } from '../../src/query/raw/asked.ts';
import { StoreUnavailable } from '../../src/store/port.ts';
import type { Page, RawEvents, Slice, StoredEvent } from '../../src/store/raw/raw-port.ts';

const asked: Asked = {
  ...{ range: { from: 0, to: 10_000 }, notes: [], names: new Map([[1, 'shop']]) },
  fields: [{ appId: 1, query: { op: 'all' } }],
};

/** An event each millisecond, for ever back; `answer` may do something else than give a page of them. */
function tools(answer: (slice: Slice, page: () => Page) => Page = (_, page) => page()) {
  const slices: Slice[] = [];
  const page: RawEvents['page'] = async (slice, { most }) => {
    slices.push(slice);
    return answer(slice, () => {
      const events = Array.from({ length: most }, (_, index): StoredEvent => {
        const time = slice.edge.time - (index + 1) * 1000;
        return {
          appId: 1,
          time,
          hash: 'ab',
          details: { kind: 'request', name: 'x'.repeat(200), count: 1, receivedAt: '' },
        };
      });
      const last = events.at(-1);
      return { events, ...(last === undefined ? {} : { end: last }), scanned: most };
    });
  };
  let clock = 0;
  return { slices, tools: { raw: { page } as RawEvents, now: () => 0, ticks: () => (clock += 1) } };
}

async function lines(text: AsyncGenerator<string>): Promise<readonly string[]> {
  let all = '';
  for await (const part of text) all += part;
  return all.split(/\r?\n/).slice(0, -1);
}

describe('an export', () => {
  test('reads no further than its reader: a slow one costs a few pages', async () => {
    const { slices, tools: given } = tools();
    const stuck = new Writable({ write: () => {} });
    const endless = { ...asked, range: { from: 0, to: 1e12 } };
    Readable.from(exportEvents(given, endless, FORMATS.ndjson), { objectMode: false }).pipe(stuck);
    for (let turns = 0; turns < 200; turns += 1) await turn();
    expect(slices.length).toBeLessThan(6);
  });

  test('is whole where nothing is said', async () => {
    const text = await lines(
      exportEvents(tools((_, page) => ({ events: page().events.slice(0, 3), scanned: 3 })).tools, asked, FORMATS.csv),
    );
    expect(text).toHaveLength(4);
    expect(text[1]).toContain('1970-01-01T00:00:09.999000Z,shop,request,');
  });

  test('says in its last line that it is cut, and where', async () => {
    const many = await lines(exportEvents(tools().tools, asked, FORMATS.ndjson, 1200));
    expect(many).toHaveLength(1201);
    expect(JSON.parse(many.at(-1) ?? '')).toEqual({
      cut: 'cut after 1200 events; older ones than the last are missing',
    });
    const csv = await lines(
      exportEvents(tools((_, page) => ({ ...page(), scanned: 60_000_000 })).tools, asked, FORMATS.csv),
    );
    expect(csv.at(-1)).toBe(
      '# cut because it read too many rows; events older than 1970-01-01T00:00:09.000000Z are missing',
    );
    const broken = tools(({ edge }, page) => {
      if (edge.time < 10_000_000) throw new StoreUnavailable('gone');
      return page();
    });
    const text = await lines(exportEvents(broken.tools, asked, FORMATS.ndjson));
    expect(text).toHaveLength(1001);
    expect(text.at(-1)).toContain(
      'the database did not answer; older ones than 1970-01-01T00:00:09.000000Z are missing',
    );
  });
});

describe('a cell of CSV', () => {
  test.each<[Parameters<typeof toCell>[0], string]>([
    [undefined, ''],
    ['plain', 'plain'],
    ['a,"b"', '"a,""b"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-x', "'-x"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['  =1', "'  =1"],
    ['\t=1', "'\t=1"],
    ['＝1', "'＝1"],
    ['=a,b', `"'=a,b"`],
    [-1.5, '-1.5'],
    [false, 'false'],
    [{ a: 'b' }, '"{""a"":""b""}"'],
  ])('%j', (value, cell) => expect(toCell(value)).toBe(cell));

  test('a line has a cell for every column', () => {
    const line = toCsvLine({ app: 'a', time: 't', hash: 'h', kind: 'event', name: 'n', count: 1, receivedAt: 'r' });
    expect(line).toBe('t,a,event,n,,,,,,,,,,,,,,,,,1,,,r,h\r\n');
  });
});
