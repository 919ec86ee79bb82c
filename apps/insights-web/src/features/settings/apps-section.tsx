import type { AppSetting, AppSettingsResponse } from '@scorpiox/shared/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Answer } from '../../components/states/answer.tsx';
import { Empty } from '../../components/states/states.tsx';
import type { Column } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import type { Sort } from '../../components/table/sort.ts';
import { Day } from '../../components/ui/day.tsx';
import { TextField } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { Panel } from '../../components/ui/panel.tsx';
import { addApp, setRetention, useAppSettings } from '../../lib/api/settings.ts';
import { numberOrNull, textOf } from './form.ts';

const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;

function Retention({ app, usual }: { readonly app: AppSetting; readonly usual: number }) {
  return (
    <FormDialog
      look="quiet"
      label="Change"
      ariaLabel={`Change how long events of ${app.name} are kept`}
      title={`How long events of ${app.name} are kept`}
      submit="Save"
      onSubmit={(form) => setRetention(app.name, numberOrNull(form, 'days'))}
    >
      <TextField
        label="Days"
        name="days"
        type="number"
        min={1}
        max={3650}
        defaultValue={app.retentionDays ?? ''}
        placeholder={String(usual)}
        hint={`Older events are deleted. Leave it empty for the default, ${days(usual)}. Sums by hour and day are kept longer.`}
      />
    </FormDialog>
  );
}

function columns({ defaultRetentionDays: usual }: AppSettingsResponse, isAdmin: boolean): Column<AppSetting>[] {
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
        <Retention app={app} usual={usual} />
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
      card: 'wide',
      key: (app) => app.retentionDays ?? usual,
      cell: (app) => (app.retentionDays === null ? `${days(usual)} (default)` : days(app.retentionDays)),
    },
    {
      id: 'created',
      name: 'Added',
      width: '8rem',
      align: 'left',
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

/** Applications: how long their events are kept, and the way to their keys. */
export function AppsSection({ isAdmin }: { readonly isAdmin: boolean }) {
  const query = useAppSettings();
  const [sort, setSort] = useState<Sort>({ column: 'name', descending: false });
  return (
    <Panel title="Applications" actions={isAdmin && <AddApp />}>
      <Answer query={query} what="the applications" every={false}>
        {(data) =>
          data.apps.length === 0 ? (
            <Empty title="No applications yet">An application gets its first key when it is added.</Empty>
          ) : (
            <DataTable
              label="Applications"
              columns={columns(data, isAdmin)}
              rows={data.apps}
              rowKey={(app) => app.name}
              sort={sort}
              onSort={setSort}
              wideFrom="60rem"
            />
          )
        }
      </Answer>
    </Panel>
  );
}
