import { type RefObject, useState } from 'react';
import { between, isTooLong, SPANS, type Span, type TimeRange } from '../../lib/time-range.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

const MINUTE = 60_000;
const SPAN_MINUTES: Record<Span, number> = { '15m': 15, '1h': 60, '6h': 360, '24h': 1440, '7d': 10_080, '30d': 43_200 };

/** A moment as a `datetime-local` field holds it: the browser's time zone, to the minute. */
function toField(moment: number): string {
  const local = moment - new Date(moment).getTimezoneOffset() * MINUTE;
  return new Date(local).toISOString().slice(0, 16);
}

/** Both ends of a range at this moment, to the minute. */
function endsOf(range: TimeRange): { from: number; to: number } {
  if (range.kind === 'between') return range;
  const to = Math.ceil(Date.now() / MINUTE) * MINUTE;
  return { from: to - SPAN_MINUTES[range.span] * MINUTE, to };
}

interface MomentProps {
  readonly name: 'from' | 'to';
  readonly label: string;
  readonly value: number;
}

const Moment = ({ name, label, value }: MomentProps) => (
  <label className="flex flex-col gap-1 text-[0.8125rem] font-medium">
    {label}
    <input
      type="datetime-local"
      name={name}
      required
      defaultValue={toField(value)}
      className="h-9 rounded-md border border-edge bg-surface px-2 font-normal max-sm:text-base pointer-coarse:h-11"
    />
  </label>
);

const TOO_SHORT = 'The end has to lie at least a minute after the beginning.';
const TOO_LONG = 'At most 31 days can be shown at once.';

interface CustomRangeProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  readonly range: TimeRange;
  readonly onChange: (range: TimeRange) => void;
}

/** Asks for the two ends of a time range, starting from the one in force. */
export function CustomRange({ dialog, range, onChange }: CustomRangeProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const [opened, setOpened] = useState(0);
  const ends = endsOf(range);
  const submit = (form: FormData): void => {
    const chosen = between(Date.parse(String(form.get('from'))), Date.parse(String(form.get('to'))));
    const wrong = chosen === null ? TOO_SHORT : isTooLong(chosen) ? TOO_LONG : null;
    setProblem(wrong);
    if (chosen === null || wrong !== null) return;
    onChange(chosen);
    dialog.current?.close();
  };
  return (
    <Dialog
      dialog={dialog}
      title="Time range"
      onOpen={() => {
        setProblem(null);
        setOpened(opened + 1);
      }}
    >
      <form
        key={opened}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit(new FormData(event.currentTarget));
        }}
      >
        <Moment name="from" label="From" value={ends.from} />
        <Moment name="to" label="To" value={ends.to} />
        {problem !== null && (
          <p role="alert" className="text-[0.8125rem] text-fail">
            {problem}
          </p>
        )}
        <p className="text-xs text-muted">
          In this browser’s time zone. For a span up to now take one of {SPANS.join(', ')}.
        </p>
        <div className="mt-2 flex justify-end gap-2">
          <Button onClick={() => dialog.current?.close()}>Cancel</Button>
          <Button type="submit" look="primary">
            Show
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
