import type { TraceReport } from '@scorpiox/shared/imap-admin';
import type { Fields } from '../../../output/fields.ts';

export const TRACE_SHAPE = '{id, user, session, startedAt, endsAt, ended, lines, octets, dropped}';

export function traceFields({ id, subject, startedAt, endsAt, ended, files }: TraceReport): Fields {
  const sum = (of: (file: TraceReport['files'][number]) => number) => files.reduce((all, file) => all + of(file), 0);
  return {
    id,
    user: 'user' in subject ? subject.user : null,
    session: 'session' in subject ? subject.session : null,
    startedAt,
    endsAt,
    ended,
    lines: sum(({ lines }) => lines),
    octets: sum(({ octets }) => octets),
    dropped: sum(({ dropped }) => dropped),
  };
}
