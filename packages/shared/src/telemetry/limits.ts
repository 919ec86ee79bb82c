/**
 * Longest texts, in UTF-16 code units (what SQL Server's nvarchar(n) counts). They are those of the Application Insights
 * specification, so that what an SDK may send fits whole; longer texts are cut and the event says so.
 */
export const MAX_LENGTH = {
  /** Longest of the specification's names (request, dependency, page view). */
  name: 1024,
  /** RequestData.id and the like. */
  id: 512,
  /** ai.cloud.role: what names an application there. */
  app: 256,
  /** RequestData.responseCode, RemoteDependencyData.resultCode. */
  code: 1024,
  /** The specification says 128 for ai.operation.id; W3C trace ids are 32, `|a.b.` ids of older SDKs grow up to 1024. */
  operationId: 1024,
  parentId: 1024,
  /** Hex of 8 and 16 bytes in W3C trace context; twice that leaves room for other id schemes. */
  spanId: 32,
  traceId: 64,
  /** MessageData.message, the longest text there is. */
  message: 32_768,
  /** UCUM units as OTLP sends them are below 63. */
  unit: 63,
  /** ai.user.authUserId is the longest name of a user. */
  user: 1024,
  session: 64,
  /** ai.cloud.roleInstance. */
  instance: 256,
  /** ai.application.ver. */
  version: 1024,
  propertyKey: 150,
  propertyValue: 8192,
} as const;

/** Entries in `properties` and in `measurements`, each: the SDKs send below 50; this bounds what one event can cost. */
export const MAX_MAP_ENTRIES = 200;

/**
 * Entries of a map as it comes, above which its event is refused instead of cut: looking through objects of some hundred
 * thousand keys holds up everybody for seconds.
 */
export const MAX_SENT_ENTRIES = 1_000;

/** Adjustments that one event lists: enough to find the sender's mistake, and bounded for an event that is all mistakes. */
export const MAX_ADJUSTMENTS = 20;

/** Largest weight of one event: beyond it the sum of a day's weights would lose whole events to rounding (2^53). */
export const MAX_WEIGHT = 1_000_000_000;

/** Least size of a `value`: a float of a SQL Server has no number between that and 0, smaller ones become 0. */
export const LEAST_VALUE = 2 ** -1022;

/** Largest `durationMs`: the column is a 32-bit int. `durationUs` keeps the rest. */
export const MAX_DURATION_MS = 2 ** 31 - 1;

/** Largest `durationUs`, 285 years: what a JavaScript number holds exactly. */
export const MAX_DURATION_US = Number.MAX_SAFE_INTEGER;

/** Longest text of a duration or a time: the longest real one has 33 letters; it bounds the work on rubbish. */
export const MAX_NUMBER_TEXT = 64;
