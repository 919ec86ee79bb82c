import type { EventRecord } from '@scorpiox/shared/contract';
import { Button } from '../../components/ui/button.tsx';
import { ColumnsIcon } from '../../components/ui/icons.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { COLUMNS, columnOf, DEFAULT_COLUMNS, toggleColumn } from './columns.ts';

/** Keys that are offered: more are not read. */
const KEYS_SHOWN = 20;

/** Properties and measurements of these events as columns, the most frequent first. */
function keysOf(events: readonly EventRecord[]): string[] {
  const counts = new Map<string, number>();
  for (const { properties = {}, measurements = {} } of events) {
    const ids = [
      ...Object.keys(properties).map((key) => `properties.${key}`),
      ...Object.keys(measurements).map((key) => `measurements.${key}`),
    ];
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, KEYS_SHOWN)
    .map(([id]) => id);
}

interface ChoiceProps {
  readonly id: string;
  readonly chosen: readonly string[];
  readonly onChange: (columns: readonly string[]) => void;
}

const Choice = ({ id, chosen, onChange }: ChoiceProps) => (
  <label className="flex min-h-6 items-center gap-2 pointer-coarse:min-h-10">
    <input
      type="checkbox"
      checked={chosen.includes(id)}
      onChange={() => onChange(toggleColumn(chosen, id))}
      className="size-3.5 accent-fill"
    />
    <span className="truncate">{columnOf(id)?.name}</span>
  </label>
);

interface ColumnMenuProps extends Omit<ChoiceProps, 'id'> {
  readonly events: readonly EventRecord[];
}

/** Which fields, properties and measurements stand in columns of their own. */
export function ColumnMenu({ chosen, onChange, events }: ColumnMenuProps) {
  const keys = [...new Set([...chosen.filter((id) => id.includes('.')), ...keysOf(events)])];
  return (
    <Menu icon={<ColumnsIcon />} label="Columns" title="Choose columns">
      <div className="grid grid-cols-2 gap-x-3">
        {COLUMNS.map(({ id }) => (
          <Choice key={id} id={id} chosen={chosen} onChange={onChange} />
        ))}
      </div>
      {keys.length > 0 && (
        <>
          <p className="mt-3 mb-1 text-xs font-medium text-muted">Properties and measurements of these events</p>
          {keys.map((id) => (
            <Choice key={id} id={id} chosen={chosen} onChange={onChange} />
          ))}
        </>
      )}
      <Button className="mt-3 w-full" onClick={() => onChange(DEFAULT_COLUMNS)}>
        As at first
      </Button>
    </Menu>
  );
}
