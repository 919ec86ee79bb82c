import type { AppRef, Control, KeyGrant } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { DAY, KEPT_DAYS, KEY_EVENTS_PER_SECOND, LOOK_UP, SHARED_KEY_APPS } from '../../limits.ts';
import type { FormatItem } from '../formats/item.ts';
import type { Admit, Owner } from '../pipeline/pipeline.ts';
import type { Drop, DropReason } from '../pipeline/reasons.ts';
import { toAppName } from './app-name.ts';
import { LookUp } from './look-up.ts';
import { RateLimit } from './rate-limit.ts';

/** What has been turned away for lack of an application to count it for, or because its sender is over its limit. */
export type Ownerless = Readonly<Partial<Record<DropReason, number>>>;

/** What of the control side admission needs. */
export type AdmissionControl = Pick<Control, 'findKey' | 'findApp' | 'ensureApp' | 'apps'>;

/**
 * Whose events are: an application's own key names it; under a shared key the event itself does, and an application that
 * nobody knew yet is added, up to a number. Everything is looked up before the items are gone through, each name once.
 */
export class Admission {
  readonly #keys: LookUp<KeyGrant>;
  readonly #apps: LookUp<AppRef>;
  readonly #rates: RateLimit;
  readonly #ownerless: Partial<Record<DropReason, number>> = {};

  /** @param now milliseconds on a clock that never jumps. */
  constructor(control: AdmissionControl, now: () => number) {
    this.#keys = new LookUp((key) => control.findKey(key), LOOK_UP, now);
    this.#apps = new LookUp((name) => findOrAdd(control, name), LOOK_UP, now);
    this.#rates = new RateLimit(now);
  }

  /** Whether a key is in force. */
  async knows(key: string): Promise<boolean> {
    return (await this.#keys.find(normal(key))) !== undefined;
  }

  /** Items by the reason for which nobody could be charged with them. */
  get ownerless(): Ownerless {
    return this.#ownerless;
  }

  /** Looks up whose the items of a batch are. */
  async of(items: readonly FormatItem[], headerKey: string | undefined): Promise<Admit> {
    const grants = await this.#lookUp(
      this.#keys,
      items.map(({ key }) => key ?? headerKey),
      normal,
    );
    const shared = items.filter(({ key }) => isShared(grants.get(key ?? headerKey)));
    const apps = await this.#lookUp(this.#apps, shared.map(appOf), (name) => name);
    const late = this.#charge(items, headerKey, grants);
    return (item) => {
      const key = item.key ?? headerKey;
      const grant = grants.get(key);
      const owner = late.get(key) ?? this.#ownerOf(item, grant, apps);
      if (!owner.ok) this.#ownerless[owner.error.reason] = (this.#ownerless[owner.error.reason] ?? 0) + 1;
      return owner;
    };
  }

  async #lookUp<V>(where: LookUp<V>, names: readonly (string | undefined)[], normalize: (name: string) => string) {
    const found = new Map<string | undefined, V>();
    for (const name of new Set(names)) {
      const value = name === undefined ? undefined : await where.find(normalize(name));
      if (value !== undefined) found.set(name, value);
    }
    return found;
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
      const over = this.#rates.take(normal(key ?? ''), rate, events.get(key) ?? 0);
      if (over !== undefined) late.set(key, err({ ...overLimit(rate), retryAfter: over.retryAfter }));
    }
    return late;
  }

  #ownerOf(item: FormatItem, grant: KeyGrant | undefined, apps: ReadonlyMap<string | undefined, AppRef>) {
    if (grant === undefined) return UNKNOWN_KEY;
    if (grant.app !== undefined) return ok(toOwner(grant.app));
    const name = appOf(item);
    if (name === undefined) return item.events.ok ? MISSING_APP : err(item.events.error);
    const app = apps.get(name);
    return app === undefined ? TOO_MANY_APPS : ok(toOwner(app));
  }
}

const normal = (key: string): string => key.trim().toLowerCase();
const isShared = (grant: KeyGrant | undefined): boolean => grant !== undefined && grant.app === undefined;

/** The application that an item names, as the platform spells it. */
function appOf({ events }: FormatItem): string | undefined {
  const given = events.ok ? events.value[0]?.app : undefined;
  return given === undefined ? undefined : toAppName(given);
}

/** Undefined when there are too many applications for one more to be added by its own word. */
async function findOrAdd(control: AdmissionControl, name: string): Promise<AppRef | undefined> {
  const there = await control.findApp(name);
  if (there !== undefined) return there;
  if ((await control.apps()).length >= SHARED_KEY_APPS) return undefined;
  const added = await control.ensureApp(name);
  if (!added.ok) throw new Error(added.error.message);
  return control.findApp(name);
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
