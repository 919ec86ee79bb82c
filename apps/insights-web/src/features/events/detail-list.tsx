import type { EventRecord } from '@scorpiox/shared/contract';
import { MinusIcon, PlusIcon } from '../../components/ui/icons.tsx';
import type { Detail } from './details.ts';
import { termOf } from './terms.ts';

/** What can be done with a value. */
export interface ValueActions {
  /** Asks for this term too, or (`wanted` false) for what it does not match. */
  readonly onTerm: (term: string, wanted: boolean) => void;
}

const BUTTON =
  'inline-flex size-6 items-center justify-center rounded text-muted hover:bg-raised hover:text-ink pointer-coarse:size-9';

function TermButtons({ term, said, onTerm }: ValueActions & { readonly term: string; readonly said: string }) {
  return (
    <span className="flex shrink-0">
      <button
        type="button"
        className={BUTTON}
        aria-label={`Only ${said}`}
        title={`Only these: ${term}`}
        onClick={() => onTerm(term, true)}
      >
        <PlusIcon className="size-3.5" />
      </button>
      <button
        type="button"
        className={BUTTON}
        aria-label={`Not ${said}`}
        title={`Not these: -${term}`}
        onClick={() => onTerm(term, false)}
      >
        <MinusIcon className="size-3.5" />
      </button>
    </span>
  );
}

interface DetailListProps extends ValueActions {
  readonly title: string;
  readonly event: EventRecord;
  readonly details: readonly Detail[];
}

/** Names and values of an event, each with a way to ask for more of the kind. Nothing where there are none. */
export function DetailList({ title, event, details, onTerm }: DetailListProps) {
  if (details.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 text-xs font-medium text-muted">{title}</h3>
      <dl>
        {details.map(({ column, name, text }) => {
          const term = termOf(event, column);
          return (
            <div key={column} className="flex items-start gap-2 border-t border-line py-1">
              <dt className="w-28 shrink-0 pt-0.5 text-soft wrap-anywhere">{name}</dt>
              <dd className="flex min-w-0 flex-1 items-start gap-2">
                <span className="max-h-60 min-w-0 flex-1 overflow-y-auto pt-0.5 wrap-anywhere whitespace-pre-wrap">
                  {text}
                </span>
                {term !== undefined && <TermButtons term={term} said={`events with this ${name}`} onTerm={onTerm} />}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
