// Batches as senders make them. Each is written once; what must differ from batch to batch (numbers, so that no event is a
// duplicate, and the second) is put into its octets in place, so that a load costs the machine next to nothing.
import { toProtobuf } from '../../apps/insights-api/tests/helpers/otlp-protobuf.ts';

/** Events of a batch, as the SDKs send them by default or nearly so. */
export const BATCH = 100;

/** How a batch is sent. */
interface Format {
  readonly path: string;
  readonly contentType: string;
  /** A new batch under a key: its octets belong to the caller. */
  make(key: string): Template;
}

/** A batch whose events are others each time. */
interface Template {
  readonly octets: Buffer;
  /** Makes them the events of batch `number`, that happened in this second of time. */
  renew(number: number, second: number): void;
}

/** Stands in a batch where its number and its second come to stand: as long as they are, and nowhere else in it. */
const NUMBER = '@number@@@';
const SECOND = '2001-01-01T00:00:00';

const millisecond = (row: number): string => String((row * 7) % 1000).padStart(3, '0');

function text(octets: Buffer): Template {
  const numbers = placesOf(octets, Buffer.from(NUMBER));
  const seconds = placesOf(octets, Buffer.from(SECOND));
  return {
    octets,
    renew(number, second) {
      const digits = Buffer.from(String(number).padStart(NUMBER.length, '0'));
      const time = Buffer.from(new Date(second * 1000).toISOString().slice(0, SECOND.length));
      for (const place of numbers) digits.copy(octets, place);
      for (const place of seconds) time.copy(octets, place);
    },
  };
}

function placesOf(octets: Buffer, mark: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = octets.indexOf(mark); at !== -1; at = octets.indexOf(mark, at + 1)) places.push(at);
  if (places.length === 0) throw new Error('a batch without that mark');
  return places;
}

const rows = <T>(make: (row: number) => T): T[] => Array.from({ length: BATCH }, (_, row) => make(row));

/** Twenty operations, every fiftieth call a failure. */
function request(row: number, name = `GET /page/${row % 20}`) {
  return {
    kind: 'request',
    time: `${SECOND}.${millisecond(row)}Z`,
    name,
    id: `${NUMBER}-${row}`,
    durationMs: (row * 7) % 500,
    success: row % 50 !== 0,
    code: '200',
  };
}

/** The native format. */
const native: Format = {
  path: '/api/ingest',
  contentType: 'application/json',
  make: () => text(Buffer.from(JSON.stringify(rows((row) => request(row))))),
};

/** The same by a sender that puts ids into names: each event is an operation of its own. */
const hostile: Format = {
  ...native,
  make: () => text(Buffer.from(JSON.stringify(rows((row) => request(row, `GET /page/${NUMBER}/${row}`))))),
};

/** What an Application Insights SDK sends of an HTTP request: tags, properties and all. */
const track: Format = {
  path: '/v2/track',
  contentType: 'application/x-json-stream',
  make: (key) => text(Buffer.from(rows((row) => JSON.stringify(envelope(row, key))).join('\n'))),
};

const envelope = (row: number, key: string) => ({
  ver: 1,
  name: 'Microsoft.ApplicationInsights.Request',
  time: `${SECOND}.${millisecond(row)}Z`,
  sampleRate: 100,
  iKey: key,
  tags: {
    'ai.application.ver': '1.4.2',
    'ai.device.osVersion': 'Linux 6.1.0',
    'ai.cloud.role': 'shop',
    'ai.cloud.roleInstance': 'shop-7d9f8',
    'ai.internal.sdkVersion': 'node:2.9.8',
    'ai.operation.name': `GET /page/${row % 20}`,
    'ai.operation.id': `5b8efff798038103d269b633${String(row).padStart(8, '0')}`,
    'ai.operation.parentId': '|5b8efff798038103d269b633813fc60c.',
  },
  data: {
    baseType: 'RequestData',
    baseData: {
      ver: 2,
      id: `|${NUMBER}.${row}.`,
      name: `GET /page/${row % 20}`,
      url: `https://shop.example/page/${row % 20}`,
      duration: `00:00:00.${String((row * 7) % 500).padStart(3, '0')}4100`,
      responseCode: '200',
      success: row % 50 !== 0,
      properties: { region: 'north', tenant: `t${row % 5}` },
    },
  },
});

/** Spans in protobuf, as `@opentelemetry/sdk-node` sends them. */
const traces: Format = {
  path: '/v1/traces',
  contentType: 'application/x-protobuf',
  make: () => protobuf(toProtobuf('traces', TRACES)),
};

/** The same marks as hexadecimal digits and as nanoseconds. */
const TRACE = Buffer.from('@number@').toString('hex');
const START = 1_111_111_111_000_000_000n;
const END = START + 222_000_000n;

const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });

const TRACES = {
  resourceSpans: [
    {
      resource: { attributes: [attribute('service.name', 'shop'), attribute('service.version', '1.4.2')] },
      scopeSpans: [
        {
          scope: { name: '@opentelemetry/instrumentation-http', version: '0.57.0' },
          spans: rows((row) => ({
            traceId: `${TRACE}d269b633813fc60c`,
            spanId: `eee19b7e${row.toString(16).padStart(8, '0')}`,
            name: `GET /page/${row % 20}`,
            kind: 2,
            startTimeUnixNano: String(START),
            endTimeUnixNano: String(END),
            attributes: [
              attribute('http.request.method', 'GET'),
              attribute('http.route', `/page/${row % 20}`),
              attribute('url.path', `/page/${row % 20}`),
              { key: 'http.response.status_code', value: { intValue: '200' } },
              attribute('server.address', 'shop.example'),
            ],
          })),
        },
      ],
    },
  ],
};

function protobuf(octets: Buffer): Template {
  const fixed = (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return bytes;
  };
  const [numbers, starts, ends] = [Buffer.from(TRACE, 'hex'), fixed(START), fixed(END)].map((mark) =>
    placesOf(octets, mark),
  );
  return {
    octets,
    renew(number, second) {
      for (const place of numbers ?? []) octets.writeBigUInt64BE(BigInt(number) + 1n, place);
      for (const [row, place] of (starts ?? []).entries()) octets.writeBigUInt64LE(nanoseconds(second, row * 7), place);
      for (const [row, place] of (ends ?? []).entries())
        octets.writeBigUInt64LE(nanoseconds(second, row * 7 + ((row * 7) % 500)), place);
    },
  };
}

const nanoseconds = (second: number, ms: number): bigint => BigInt(second * 1000 + ms) * 1_000_000n;

export const FORMATS = { native, hostile, track, traces } as const;
export type FormatName = keyof typeof FORMATS;
