import { randomUUID } from 'node:crypto';
import type { View, ViewRequest } from '@scorpiox/shared/contract';
import type { Control, Principal, ViewRecord } from '@scorpiox/shared/database';
import { parsePlace, parseQuery } from '@scorpiox/shared/query-language';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { SAVED_VIEWS } from '../query/raw/limits.ts';
import { parseMoment } from '../query/time-range.ts';

/** Why a view is not saved or removed. */
export type ViewProblem =
  | {
      readonly code: 'bad-query' | 'bad-time' | 'bad-request';
      readonly message: string;
      readonly field: string;
      readonly column?: number;
    }
  | { readonly code: 'not-found' | 'not-allowed' | 'full'; readonly message: string };

/** Views of events that people have saved: all see all, and whoever saved one may change it, as may admins. */
export class Views {
  readonly #control: Pick<Control, 'views' | 'putView' | 'removeView'>;
  readonly #now: () => number;

  constructor(control: Pick<Control, 'views' | 'putView' | 'removeView'>, now: () => number) {
    this.#control = control;
    this.#now = now;
  }

  /** By name. */
  async list(who: Principal): Promise<View[]> {
    const views = (await this.#control.views()).map((record) => toView(record, who));
    return views.toSorted((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
  }

  async add(request: ViewRequest, who: Principal): Promise<Result<View, ViewProblem>> {
    return this.#put({ id: randomUUID(), owner: who.user }, request, who);
  }

  async change(id: string, request: ViewRequest, who: Principal): Promise<Result<View, ViewProblem>> {
    const there = await this.#find(id, who);
    return there.ok ? this.#put(there.value, request, who) : there;
  }

  async remove(id: string, who: Principal): Promise<Result<void, ViewProblem>> {
    const there = await this.#find(id, who);
    if (!there.ok) return there;
    return (await this.#control.removeView(id)) ? ok(undefined) : notFound();
  }

  /** The view, if it may be changed by whoever asks. */
  async #find(id: string, who: Principal): Promise<Result<ViewRecord, ViewProblem>> {
    const record = (await this.#control.views()).find((one) => one.id === id);
    if (record === undefined) return notFound();
    if (mayChange(record, who)) return ok(record);
    return err({ code: 'not-allowed', message: `This view is ${record.owner}'s; an admin may change it too.` });
  }

  async #put(
    { id, owner }: Pick<ViewRecord, 'id' | 'owner'>,
    request: ViewRequest,
    who: Principal,
  ): Promise<Result<View, ViewProblem>> {
    const wrong = check(request, this.#now());
    if (wrong !== undefined) return err(wrong);
    const record = { id, owner, changedAt: this.#now(), body: JSON.stringify(request) };
    if (await this.#control.putView(record, SAVED_VIEWS)) return ok(toView(record, who));
    return err({ code: 'full', message: `There are ${SAVED_VIEWS} views already; remove one first.` });
  }
}

const notFound = () =>
  err<ViewProblem>({ code: 'not-found', message: 'There is no such view any more, or never was.' });

const mayChange = ({ owner }: Pick<ViewRecord, 'owner'>, { user, role }: Principal): boolean =>
  owner === user || role === 'admin';

function toView({ id, owner, changedAt, body }: ViewRecord, who: Principal): View {
  // Put there by `#put` only.
  const request = JSON.parse(body) as ViewRequest;
  return { id, ...request, owner, changedAt: new Date(changedAt).toISOString(), mayChange: mayChange({ owner }, who) };
}

/** What is saved can be asked. */
function check({ q, from, to, columns }: ViewRequest, now: number): ViewProblem | undefined {
  const query = parseQuery(q);
  if (!query.ok) return { ...query.error, field: 'q' };
  for (const moment of [parseMoment('from', from, now), parseMoment('to', to, now)])
    if (!moment.ok) return moment.error;
  const stranger = columns.find((column) => column !== 'time' && parsePlace(column) === undefined);
  if (stranger === undefined) return undefined;
  return { code: 'bad-request', message: `There is no field ${stranger}.`, field: 'columns' };
}
