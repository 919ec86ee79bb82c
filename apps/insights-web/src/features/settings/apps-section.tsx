import type { AppSetting, AppSettingsResponse } from '@scorpiox/shared/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { Answer } from '../../components/states/answer.tsx';
import { Empty } from '../../components/states/states.tsx';
import type { Column } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useAddressSort } from '../../components/table/use-address-sort.ts';
import { Day } from '../../components/ui/day.tsx';
import { TextField } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { Panel } from '../../components/ui/panel.tsx';
import { addApp, changeApp, useAppSettings } from '../../lib/api/settings.ts';
import { formatDuration } from '../../lib/format.ts';
import { numberOrNull, textOf } from './form.ts';

/** The value, or the default with a word about it. */
const orDefault = (value: number | null, usual: number, format: (value: number) => string): string =>
  value === null ? `${format(usual)} (default)` : format(value);

const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;

interface ChangeAppProps {
  readonly app: AppSetting;
  readonly usual: Pick<AppSettingsResponse, 'defaultRetentionDays' | 'defaultApdexMs'>;
}

function ChangeApp({ app, usual: { defaultRetentionDays, defaultApdexMs } }: ChangeAppProps) {
  return (
    <FormDialog
      look="quiet"
      label="Change"
      ariaLabel={`Change ${app.name}`}
      title={`Change ${app.name}`}
      submit="Save"
      onSubmit={(form) =>
        changeApp(app.name, { retentionDays: numberOrNull(form, 'days'), apdexMs: numberOrNull(form, 'apdex') })
      }
    >
      <TextField
        label="Days for which events are kept"
        name="days"
        type="number"
        min={1}
        max={3650}
        defaultValue={app.retentionDays ?? ''}
        placeholder={String(defaultRetentionDays)}
        hint="Older events are deleted; sums by hour and day are kept longer. Empty: the default."
      />
      <TextField
        label="Apdex: milliseconds that satisfy"
        name="apdex"
        type="number"
        min={1}
        defaultValue={app.apdexMs ?? ''}
        placeholder={String(defaultApdexMs)}
        hint="Requests of up to this long satisfy, those of up to four times as long are tolerated. It counts from now on. Empty: the default."
      />
    </FormDialog>
  );
}

function columns(usual: AppSettingsResponse, isAdmin: boolean): Column<AppSetting>[] {
  const actions: Column<AppSetting> = {
    id: 'actions',
    name: 'Actions',
    width: '12rem',
    card: 'whole',
    cell: (app) => (
      <span className="flex justify-end gap-1 max-lg:-ml-2.5 max-lg:justify-start">
        <Link
          to="/settings"
          search={{ tab: 'keys', app: app.name }}
          className="inline-flex h-8 items-center rounded-md px-2.5 text-[0.8125rem] font-medium text-accent hover:bg-raised pointer-coarse:h-10"
          aria-label={`Set up ${app.name}`}
        >
          Set up
        </Link>
        <ChangeApp app={app} usual={usual} />
      </span>
    ),
  };
  return [
    {
      id: 'name',
      name: 'Application',
      heading: true,
      ascending: true,
      key: (app) => app.name,
      cell: (app) => <span className="wrap-anywhere">{app.name}</span>,
    },
    {
      id: 'retention',
      name: 'Events are kept',
      width: '12rem',
      align: 'left',
      card: 'half',
      key: (app) => app.retentionDays ?? usual.defaultRetentionDays,
      cell: (app) => orDefault(app.retentionDays, usual.defaultRetentionDays, days),
    },
    {
      id: 'apdex',
      name: 'Satisfies up to',
      hint: 'The threshold of Apdex',
      width: '12rem',
      align: 'left',
      card: 'half',
      key: (app) => app.apdexMs ?? usual.defaultApdexMs,
      cell: (app) => orDefault(app.apdexMs, usual.defaultApdexMs, formatDuration),
    },
    {
      id: 'created',
      name: 'Added',
      width: '8rem',
      align: 'left',
      card: 'third',
      key: (app) => Date.parse(app.createdAt),
      cell: (app) => <Day moment={app.createdAt} />,
    },
    ...(isAdmin ? [actions] : []),
  ];
}

function AddApp() {
  const navigate = useNavigate();
  return (
    <FormDialog
      look="primary"
      label="Add an application"
      title="Add an application"
      submit="Add"
      onSubmit={async (form) => {
        const name = textOf(form, 'name');
        await addApp(name);
        await navigate({ to: '/settings', search: { tab: 'keys', app: name } });
      }}
    >
      <TextField
        label="Name"
        name="name"
        required
        maxLength={64}
        hint="Letters, digits, blanks, dots, underscores, parentheses and hyphens. It cannot be changed later."
      />
    </FormDialog>
  );
}

function Apps({ data, isAdmin }: { readonly data: AppSettingsResponse; readonly isAdmin: boolean }) {
  const shown = columns(data, isAdmin);
  const [sort, setSort] = useAddressSort('sort', shown, { column: 'name', descending: false });
  if (data.apps.length === 0) {
    return <Empty title="No applications yet">An application gets its first key when it is added.</Empty>;
  }
  return (
    <DataTable
      label="Applications"
      columns={shown}
      rows={data.apps}
      rowKey={(app) => app.name}
      sort={sort}
      onSort={setSort}
      wideFrom="60rem"
    />
  );
}

/** Applications: how long their events are kept, and the way to their keys. */
export function AppsSection({ isAdmin }: { readonly isAdmin: boolean }) {
  const query = useAppSettings();
  return (
    <Panel title="Applications" actions={isAdmin && <AddApp />}>
      <Answer query={query} what="the applications" every={false}>
        {(data) => <Apps data={data} isAdmin={isAdmin} />}
      </Answer>
    </Panel>
  );
}
