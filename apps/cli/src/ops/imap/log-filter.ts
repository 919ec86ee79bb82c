/** Which lines of the log are wanted. Pure. */
import type { LogLine } from '@scorpiox/shared/imap-admin';

/** Pino's levels that the server uses, by name. */
export const LOG_LEVELS = { debug: 20, info: 30, warn: 40, error: 50 } as const;

export type LogLevel = keyof typeof LOG_LEVELS;

export interface LogFilter {
  readonly level?: LogLevel;
  readonly user?: string;
  /** A session's id, or what it begins with. */
  readonly session?: string;
}

export function isWantedLine(line: LogLine, { level, user, session }: LogFilter): boolean {
  if (level !== undefined && line.level < LOG_LEVELS[level]) return false;
  if (user !== undefined && !ABOUT_USERS.some((name) => textIn(line, name) === user.toLowerCase())) return false;
  return session === undefined || (textIn(line, 'session') ?? '').startsWith(session.toLowerCase());
}

/** `account` is whom somebody tried to sign in as. */
const ABOUT_USERS = ['user', 'account'];

/** The name of the level, or its number where it has none. */
export function levelName(level: number): string {
  const [name] = Object.entries(LOG_LEVELS).find(([, number]) => number === level) ?? [String(level)];
  return name;
}

/** What a line says beside when, how grave, and what. */
export function detailsOf(line: LogLine): readonly (readonly [string, unknown])[] {
  return Object.entries<unknown>({ ...line }).filter(([name]) => !['time', 'level', 'msg', 'app'].includes(name));
}

/** A field that not every line has. */
export function textIn(line: LogLine, name: string): string | undefined {
  const [, value] = detailsOf(line).find(([key]) => key === name) ?? [];
  return typeof value === 'string' ? value : undefined;
}
