// An encoder of OTLP requests that shares nothing with the reader: written from the .proto files of opentelemetry-proto.

/** `name: [number, type]`; a type is a scalar's name or another message. */
interface Message {
  readonly [name: string]: readonly [number, Scalar | Message | (() => Message)];
}
type Scalar =
  | 'string'
  | 'hex'
  | 'base64'
  | 'bool'
  | 'varint'
  | 'zigzag'
  | 'fixed64'
  | 'double'
  | 'packed64'
  | 'packedDouble'
  | 'packedVarint';

const anyValue: Message = {
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'varint'],
  doubleValue: [4, 'double'],
  arrayValue: [5, () => ({ values: [1, anyValue] })],
  kvlistValue: [6, () => ({ values: [1, keyValue] })],
  bytesValue: [7, 'base64'],
};
const keyValue: Message = { key: [1, 'string'], value: [2, anyValue] };
const resource: Message = { attributes: [1, keyValue] };
const scope: Message = { name: [1, 'string'], version: [2, 'string'], attributes: [3, keyValue] };
const span: Message = {
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'string'],
  parentSpanId: [4, 'hex'],
  name: [5, 'string'],
  kind: [6, 'varint'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, keyValue],
  droppedAttributesCount: [10, 'varint'],
  events: [11, { timeUnixNano: [1, 'fixed64'], name: [2, 'string'], attributes: [3, keyValue] }],
  links: [13, { traceId: [1, 'hex'], spanId: [2, 'hex'] }],
  status: [15, { message: [2, 'string'], code: [3, 'varint'] }],
};
const logRecord: Message = {
  timeUnixNano: [1, 'fixed64'],
  severityNumber: [2, 'varint'],
  severityText: [3, 'string'],
  body: [5, anyValue],
  attributes: [6, keyValue],
  traceId: [9, 'hex'],
  spanId: [10, 'hex'],
  observedTimeUnixNano: [11, 'fixed64'],
  eventName: [12, 'string'],
};
const times: Message = { startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'] };
const numberPoint: Message = {
  ...times,
  attributes: [7, keyValue],
  asDouble: [4, 'double'],
  asInt: [6, 'fixed64'],
  flags: [8, 'varint'],
};
const distribution: Message = { ...times, count: [4, 'fixed64'], sum: [5, 'double'] };
const buckets: Message = { offset: [1, 'zigzag'], bucketCounts: [2, 'packedVarint'] };
const metric: Message = {
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  gauge: [5, { dataPoints: [1, numberPoint] }],
  sum: [7, { dataPoints: [1, numberPoint], aggregationTemporality: [2, 'varint'], isMonotonic: [3, 'bool'] }],
  histogram: [
    9,
    {
      dataPoints: [
        1,
        {
          ...distribution,
          attributes: [9, keyValue],
          bucketCounts: [6, 'packed64'],
          explicitBounds: [7, 'packedDouble'],
          min: [11, 'double'],
          max: [12, 'double'],
        },
      ],
      aggregationTemporality: [2, 'varint'],
    },
  ],
  exponentialHistogram: [
    10,
    {
      dataPoints: [
        1,
        {
          ...distribution,
          attributes: [1, keyValue],
          scale: [6, 'zigzag'],
          zeroCount: [7, 'fixed64'],
          positive: [8, buckets],
          negative: [9, buckets],
          min: [12, 'double'],
          max: [13, 'double'],
          zeroThreshold: [14, 'double'],
        },
      ],
      aggregationTemporality: [2, 'varint'],
    },
  ],
  summary: [
    11,
    {
      dataPoints: [
        1,
        {
          ...distribution,
          attributes: [7, keyValue],
          quantileValues: [6, { quantile: [1, 'double'], value: [2, 'double'] }],
        },
      ],
    },
  ],
};

const REQUESTS: Readonly<Record<string, Message>> = {
  traces: { resourceSpans: [1, { resource: [1, resource], scopeSpans: [2, { scope: [1, scope], spans: [2, span] }] }] },
  logs: {
    resourceLogs: [1, { resource: [1, resource], scopeLogs: [2, { scope: [1, scope], logRecords: [2, logRecord] }] }],
  },
  metrics: {
    resourceMetrics: [1, { resource: [1, resource], scopeMetrics: [2, { scope: [1, scope], metrics: [2, metric] }] }],
  },
};

/** The protobuf of a request that is given as its OTLP JSON. */
export function toProtobuf(signal: string, json: object): Buffer {
  return encode(REQUESTS[signal] ?? {}, json as Record<string, unknown>);
}

const varint = (value: bigint): Buffer => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
};
const eight = (write: (buffer: Buffer) => void): Buffer => {
  const buffer = Buffer.alloc(8);
  write(buffer);
  return buffer;
};
const fixed = (value: unknown) => eight((b) => b.writeBigUInt64LE(BigInt.asUintN(64, BigInt(String(value)))));
const double = (value: unknown) => eight((b) => b.writeDoubleLE(Number(value)));
const sized = (bytes: Buffer): Buffer => Buffer.concat([varint(BigInt(bytes.length)), bytes]);

/** Wire type and how one value is written. */
const SCALARS: Readonly<Record<Scalar, readonly [number, (value: unknown) => Buffer]>> = {
  string: [2, (value) => sized(Buffer.from(String(value)))],
  hex: [2, (value) => sized(Buffer.from(String(value), 'hex'))],
  base64: [2, (value) => sized(Buffer.from(String(value), 'base64'))],
  bool: [0, (value) => varint(value === true ? 1n : 0n)],
  varint: [0, (value) => varint(BigInt(String(value)))],
  zigzag: [0, (value) => varint(BigInt((Number(value) << 1) ^ (Number(value) >> 31)))],
  fixed64: [1, fixed],
  double: [1, double],
  packed64: [2, (value) => sized(Buffer.concat((value as unknown[]).map(fixed)))],
  packedDouble: [2, (value) => sized(Buffer.concat((value as unknown[]).map(double)))],
  packedVarint: [2, (value) => sized(Buffer.concat((value as unknown[]).map((one) => varint(BigInt(String(one))))))],
};

function encode(type: Message, value: Record<string, unknown>): Buffer {
  const parts: Buffer[] = [];
  for (const [name, given] of Object.entries(value)) {
    const [number, field] = type[name] ?? [];
    if (number === undefined || field === undefined) continue;
    const isPacked = typeof field === 'string' && field.startsWith('packed');
    for (const one of Array.isArray(given) && !isPacked ? given : [given]) {
      const [wireType, write] =
        typeof field === 'string'
          ? SCALARS[field]
          : ([
              2,
              (inner: unknown) =>
                sized(encode(typeof field === 'function' ? field() : field, inner as Record<string, unknown>)),
            ] as const);
      parts.push(varint(BigInt((number << 3) | wireType)), write(one));
    }
  }
  return Buffer.concat(parts);
}
