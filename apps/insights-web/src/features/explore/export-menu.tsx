import { ExportIcon } from '../../components/ui/icons.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { type Search, searchParams } from '../../lib/api/get-events.ts';

const FORMATS = [
  ['csv', 'CSV', 'a table for a spreadsheet'],
  ['ndjson', 'NDJSON', 'one event a line, in full'],
] as const;

/** All events that match as a file, however many they are. */
export const ExportMenu = ({ search }: { readonly search: Search }) => (
  <Menu icon={<ExportIcon />} label="Export" title="Export all events that match">
    <ul>
      {FORMATS.map(([format, name, about]) => (
        <li key={format}>
          <a
            href={`/api/events/export?${searchParams(search, { format })}`}
            download
            className="flex min-h-8 items-center gap-2 rounded px-2 hover:bg-raised pointer-coarse:min-h-11"
          >
            <span className="font-medium">{name}</span>
            <span className="text-muted">{about}</span>
          </a>
        </li>
      ))}
    </ul>
  </Menu>
);
