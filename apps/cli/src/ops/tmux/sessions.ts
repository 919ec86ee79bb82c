/** The sessions that are there, and what they were made from, which tmux keeps with them. */

import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Failure } from '../failure.ts';
import { nearNames } from './names.ts';
import { saysNoServer, type Tmux, tmuxFailure } from './tmux.ts';

/** What a session was made from: enough to make it again. An option of the session. */
const Origin = Type.Object({
  project: Type.String(),
  /** The project's folder. */
  folder: Type.String(),
  /** Absent without a container. */
  container: Type.Optional(
    Type.Object({
      engine: Type.Union([Type.Literal('podman'), Type.Literal('docker')]),
      name: Type.String(),
    }),
  ),
  /** Of this session alone, since its program began. In a container all its processes have it in their environment. */
  tag: Type.String(),
  /** `NAME=value` of `--env`. */
  env: Type.Array(Type.String()),
  envFile: Type.Optional(Type.String()),
  /** Without a container: the names of the variables that the session itself was given, to be taken away again. */
  given: Type.Optional(Type.Array(Type.String())),
});
export type Origin = Static<typeof Origin>;

export interface Session {
  /** tmux's id, `$3`: never given twice by a server. */
  readonly id: string;
  readonly name: string;
  /** How many clients show it. */
  readonly attached: number;
  readonly windows: number;
  readonly createdAt: Date;
  /** What `CLAUDE_MODEL` is in it; empty where it is not set. */
  readonly model: string;
  /** Undefined for one that is not ours. */
  readonly origin: Origin | undefined;
}

/** One of ours. */
export type OurSession = Session & { readonly origin: Origin };

/** The session's options that say so. */
export const MODEL_OPTION = '@scorpiox-model';
export const ORIGIN_OPTION = '@scorpiox-session';

const FORMAT = [
  '#{session_id}',
  '#{session_name}',
  '#{session_attached}',
  '#{session_windows}',
  '#{session_created}',
  `#{${MODEL_OPTION}}`,
  `#{${ORIGIN_OPTION}}`,
].join('\t');

/** All sessions of the server; none where there is no server. */
export async function listSessions(tmux: Tmux): Promise<Result<readonly Session[], Failure>> {
  const ended = await tmux.ask(['list-sessions', '-F', FORMAT]);
  if (!ended.ok) return ended;
  if (ended.value.code !== 0) return saysNoServer(ended.value) ? ok([]) : err(tmuxFailure(ended.value));
  return ok(ended.value.stdout.split('\n').filter(Boolean).map(parseSession));
}

export async function listOurs(tmux: Tmux): Promise<Result<readonly OurSession[], Failure>> {
  const all = await listSessions(tmux);
  return all.ok ? ok(all.value.filter(isOurs)) : all;
}

const isOurs = (session: Session): session is OurSession => session.origin !== undefined;

function parseSession(line: string): Session {
  const [id = '', name = '', attached, windows, created, model = '', ...origin] = line.split('\t');
  return {
    id,
    name,
    attached: Number(attached),
    windows: Number(windows),
    createdAt: new Date(Number(created) * 1_000),
    model,
    origin: parseOrigin(origin.join('\t')),
  };
}

function parseOrigin(text: string): Origin | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(Origin, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** All of it in ASCII: whatever the locale is, tmux gives back what it got. */
export const originText = (origin: Origin): string =>
  JSON.stringify(origin).replace(
    /[^\u0020-\u007e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The session that is meant by its own name or by its project's. */
export async function findSession(tmux: Tmux, text: string): Promise<Result<OurSession, Failure>> {
  const ours = await listOurs(tmux);
  if (!ours.ok) return ours;
  const byName = ours.value.find(({ name }) => name === text);
  if (byName !== undefined) return ok(byName);
  const [one, ...more] = ours.value.filter(({ origin }) => origin.project === text);
  if (one !== undefined && more.length === 0) return ok(one);
  return err(one === undefined ? noSession(text, ours.value) : several(text, [one, ...more]));
}

function noSession(text: string, ours: readonly OurSession[]): Failure {
  const names = ours.flatMap(({ name, origin }) => [name, origin.project]);
  const meant = nearNames(text, names);
  const hint =
    meant.length === 0 ? '`scorpiox tmux ls` shows those that there are.' : `Did you mean ${meant.join(' or ')}?`;
  return { kind: 'error', message: `There is no session ${JSON.stringify(text)}. ${hint}` };
}

const several = (text: string, ours: readonly OurSession[]): Failure => ({
  kind: 'usage',
  message: `The project ${text} has several sessions: name one of ${ours.map(({ name }) => name).join(', ')}.`,
});
