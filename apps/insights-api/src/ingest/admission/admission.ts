import { type AppRef, type Control, type KeyGrant, readKey } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { DAY, KEPT_DAYS, KEY_EVENTS_PER_SECOND, LOOK_UP } from '../../limits.ts';
import type { FormatItem } from '../formats/item.ts';
import type { Admit, Owner } from '../pipeline/pipeline.ts';
import type { Drop, DropReason } from '../pipeline/reasons.ts';
import { toAppName } from './app-name.ts';
import { type ApplicationControl, Applications } from './applications.ts';
import { LookUp } from './look-up.ts';
import { RateLimit } from './rate-limit.ts';

/** What has been turned away for lack of an application to count it for, or because its sender is over its limit. */
export type Ownerless = Readonly<Partial<Record<DropReason, number>>>;

/** What of the control side admission needs. */
export type AdmissionControl = ApplicationControl & Pick<Control, 'findKey'>;

/**
 * Whose events are: an application's own key names it; under a shared key the event itself does, and an application that
 * nobody knew yet is added, up to a number. Everything is looked up before the items are gone through, each name once.
 */
export class Admission {
  readonly #keys: LookUp<KeyGrant>;
  readonly #apps: Applications;
  readonly #rates: RateLimit;
  readonly #ownerless: Partial<Record<DropReason, number>> = {};

  /** @param now milliseconds on a clock that never jumps. */
  constructor(control: AdmissionControl, now: () => number) {
    this.#keys = new LookUp((key) => control.findKey(key), LOOK_UP, now);
    this.#apps = new Applications(control, now);
    this.#rates = new RateLimit(now);
  }

  /** Whether a key is in force. */
  async knows(key: string): Promise<boolean> {
    return (await this.#grantOf(key)) !== undefined;
  }

  /** Items by the reason for which nobody could be charged with them. */
  get ownerless(): Ownerless {
    return this.#ownerless;
  }

  /** Looks up whose the items of a batch are. */
  async of(items: readonly FormatItem[], headerKey: string | undefined): Promise<Admit> {
    const grants = await lookUp(
      items.map(({ key }) => key ?? headerKey),
      (key) => this.#grantOf(key),
    );
    const shared = items.filter(({ key }) => isShared(grants.get(key ?? headerKey)));
    const apps = await lookUp(shared.map(appOf), (name) => this.#apps.find(name));
    const late = this.#charge(items, headerKey, grants);
    const sender = headerKey ?? onlyKeyOf(items);
    return (item) => {
      const key = item.key ?? (item.events.ok ? headerKey : sender);
      const grant = grants.get(key);
      const owner = late.get(key) ?? this.#ownerOf(item, grant, apps);
      if (!owner.ok) this.#ownerless[owner.error.reason] = (this.#ownerless[owner.error.reason] ?? 0) + 1;
      return owner;
    };
  }

  /** What is not spelled as a key is nobody's, and may be as long as a body: it is neither asked for nor remembered. */
  async #grantOf(key: string): Promise<KeyGrant | undefined> {
    const plain = readKey(key);
    return plain === undefined ? undefined : this.#keys.find(plain);
  }

  /** Keys that are over their limit, each with what its items are told. */
  #charge(
    items: readonly FormatItem[],
    headerKey: string | undefined,
    grants: ReadonlyMap<string | undefined, KeyGrant>,
  ): ReadonlyMap<string | undefined, Result<Owner, Drop>> {
    const events = new Map<string | undefined, number>();
    for (const item of items) {
      const key = item.key ?? headerKey;
      events.set(key, (events.get(key) ?? 0) + (item.events.ok ? item.events.value.length : 1));
    }
    const late = new Map<string | undefined, Result<Owner, Drop>>();
    for (const [key, grant] of grants) {
      const rate = grant.rateLimit ?? KEY_EVENTS_PER_SECOND;
      const over = this.#rates.take(readKey(key ?? '') ?? '', rate, events.get(key) ?? 0);
      if (over !== undefined) late.set(key, err({ ...overLimit(rate), retryAfter: over.retryAfter }));
    }
    return late;
  }

  #ownerOf(item: FormatItem, grant: KeyGrant | undefined, apps: ReadonlyMap<string | undefined, AppRef>) {
    if (grant === undefined) return item.key === undefined && !item.events.ok ? err(item.events.error) : UNKNOWN_KEY;
    if (grant.app !== undefined) return ok(toOwner(grant.app));
    const name = appOf(item);
    if (name === undefined) return item.events.ok ? MISSING_APP : err(item.events.error);
    const app = apps.get(name);
    return app === undefined ? TOO_MANY_APPS : ok(toOwner(app));
  }
}

/** What each of these names has, asked for once. */
async function lookUp<V>(names: readonly (string | undefined)[], find: (name: string) => Promise<V | undefined>) {
  const found = new Map<string | undefined, V>();
  for (const name of new Set(names)) {
    const value = name === undefined ? undefined : await find(name);
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

/** Whose a line is that cannot even be read, where all others of its batch name one key. */
function onlyKeyOf(items: readonly FormatItem[]): string | undefined {
  const keys = new Set(items.flatMap(({ key }) => key ?? []));
  return keys.size === 1 ? [...keys][0] : undefined;
}

const isShared = (grant: KeyGrant | undefined): boolean => grant !== undefined && grant.app === undefined;

/** The application that an item names, as the platform spells it. */
function appOf({ events }: FormatItem): string | undefined {
  const given = events.ok ? events.value[0]?.app : undefined;
  return given === undefined ? undefined : toAppName(given);
}

/** An application as what its events are stored for. */
export const toOwner = ({ id, retentionDays = KEPT_DAYS }: AppRef): Owner => ({ id, keptMs: retentionDays * DAY });

const UNKNOWN_KEY = err<Drop>({ reason: 'unknown-key', message: 'Invalid instrumentation key' });
const MISSING_APP = err<Drop>({
  reason: 'missing-app',
  message: 'The key is shared: the event must name its application (app, ai.cloud.role, service.name).',
});
const TOO_MANY_APPS = err<Drop>({
  reason: 'too-many-apps',
  message: 'There are too many applications for another one to be added under a shared key.',
});
const overLimit = (rate: number) =>
  ({ reason: 'rate-limited', message: `The key is over its limit of ${rate} events a second.` }) as const;
