import { err, ok, type Result } from '@scorpiox/shared/result';
import { eventHash, type ParsedEvent } from '@scorpiox/shared/telemetry';
import type { IdentifiedEvent, Submission, SubmissionOutcome } from '../../store/port.ts';
import type { CollectedItem } from '../collect.ts';
import type { FormatItem } from '../formats/item.ts';
import type { Drop, DropReason } from './reasons.ts';
import { checkWindow, DELETED } from './window.ts';

/*
 * The way of a batch: decode → parse (the formats) → admit (whose key) → validate → identify → write. Every step gives
 * the event on or drops it for a reason out of one closed list; drops are counted for the application and told to the
 * sender by the item's index. One bad item never harms another.
 */

/** The application that an item belongs to. */
export interface Owner {
  readonly id: number;
  /** How long its events are kept, milliseconds. */
  readonly keptMs: number;
}

/** Whose an item is, or why it is nobody's. */
export type Admit = (item: FormatItem) => Result<Owner, Drop>;

/** What one application got out of a batch, and which item each of its events came from. */
interface Share {
  readonly submission: Submission;
  /** For each event of the submission the index of its item. */
  readonly itemOf: readonly number[];
  /** What its events take, as `sizeOf` counts. */
  readonly bytes: number;
}

/** A batch on its way to the writer. */
export interface PreparedBatch {
  /** Items that the sender sent. */
  readonly received: number;
  readonly shares: readonly Share[];
  /** Dropped items by index. */
  readonly drops: ReadonlyMap<number, Drop>;
}

/** What became of a batch. `received = accepted + duplicates + drops.length`, counted in items. */
export interface BatchOutcome {
  readonly received: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** Ascending by index. */
  readonly drops: readonly (Drop & { readonly index: number })[];
}

/** Steps "admit" to "identify" for every item. */
export function prepareBatch(items: readonly CollectedItem[], admit: Admit, now: number): PreparedBatch {
  const shares = new Map<number, OpenShare>();
  const drops = new Map<number, Drop>();
  for (const item of items) {
    const owner = admit(item);
    if (!owner.ok) {
      drops.set(item.index, owner.error);
      continue;
    }
    const share = shareOf(shares, owner.value.id, now);
    const checked = validate(item.events, now, owner.value.keptMs);
    if (checked.ok) {
      for (const event of checked.value) {
        share.events.push({ event, hash: eventHash(event) });
        share.itemOf.push(item.index);
      }
      share.bytes += item.bytes;
    } else {
      share.dropped[checked.error.reason] = (share.dropped[checked.error.reason] ?? 0) + 1;
      drops.set(item.index, checked.error);
    }
  }
  return { received: items.length, shares: [...shares.values()].map(closeShare), drops };
}

interface OpenShare {
  readonly appId: number;
  readonly receivedAt: number;
  readonly events: IdentifiedEvent[];
  readonly itemOf: number[];
  bytes: number;
  readonly dropped: Partial<Record<DropReason, number>>;
}

function shareOf(shares: Map<number, OpenShare>, appId: number, now: number): OpenShare {
  const there = shares.get(appId);
  if (there !== undefined) return there;
  const made: OpenShare = { appId, receivedAt: now, events: [], itemOf: [], bytes: 0, dropped: {} };
  shares.set(appId, made);
  return made;
}

const closeShare = ({ itemOf, bytes, ...submission }: OpenShare): Share => ({ submission, itemOf, bytes });

/** An item of several events is taken whole or not at all, so that it can be answered by its index. */
function validate(
  parsed: Result<readonly ParsedEvent[], Drop>,
  now: number,
  keptMs: number,
): Result<readonly ParsedEvent[], Drop> {
  if (!parsed.ok) return parsed;
  const drop = parsed.value.map((event) => checkWindow(event, now, keptMs)).find((found) => found !== undefined);
  return drop === undefined ? ok(parsed.value) : err(drop);
}

const refusal: Drop = { reason: 'refused', message: 'The database would not store this event.' };

/** Puts the writer's outcomes and the drops on the way together. Undefined when a share was not stored. */
export function concludeBatch(batch: PreparedBatch, outcomes: readonly SubmissionOutcome[]): BatchOutcome | undefined {
  const drops = new Map(batch.drops);
  let duplicates = 0;
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.kind === 'failed') return undefined;
    const itemOf = batch.shares[index]?.itemOf ?? [];
    for (const event of outcome.refused) drops.set(itemOf[event] ?? 0, refusal);
    for (const event of outcome.tooOld ?? []) drops.set(itemOf[event] ?? 0, DELETED);
    duplicates += outcome.duplicates;
  }
  // An item of several events whose parts met different fates counts as stored; only then can duplicates exceed items.
  const kept = batch.received - drops.size;
  const ascending = [...drops].toSorted(([a], [b]) => a - b).map(([index, drop]) => ({ index, ...drop }));
  const repeated = Math.min(duplicates, kept);
  return { received: batch.received, accepted: kept - repeated, duplicates: repeated, drops: ascending };
}
