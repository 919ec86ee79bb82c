/**
 * What the operator's port of the IMAP server says (docs/operating-imap.md): the server answers with these, and whoever
 * asks it reads them. Answers only ever grow.
 */
export { LogLine, LogsResponse } from './logs.ts';
export { SessionReport, SessionsResponse } from './sessions.ts';
export { type TraceEnd, TraceReport, TraceResponse, TraceSubject, TracesResponse } from './traces.ts';
