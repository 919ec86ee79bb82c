import type { AppSettingsResponse, KeySetting, KeySettingsResponse } from '@scorpiox/shared/contract';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Answer } from '../../components/states/answer.tsx';
import { Empty } from '../../components/states/states.tsx';
import type { Column } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useAddressSort } from '../../components/table/use-address-sort.ts';
import { Day } from '../../components/ui/day.tsx';
import { SelectField, TextField } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { Panel } from '../../components/ui/panel.tsx';
import { Tag } from '../../components/ui/tag.tsx';
import { addKey, revokeKey, setRateLimit, useAppSettings, useKeySettings } from '../../lib/api/settings.ts';
import { formatCount } from '../../lib/format.ts';
import { numberOrNull, textOf } from './form.ts';
import { SetUp } from './set-up/set-up.tsx';

const route = getRouteApi('/shell/settings');

const nameOf = ({ app }: KeySetting): string => app ?? 'Shared key';

/** Enough to tell keys apart; the set-up shows them whole. */
const hint = ({ key }: KeySetting): string => `${key.slice(0, 8)}…`;

const limitField = (usual: number, value: number | null) => (
  <TextField
    label="Events a second"
    name="rate"
    type="number"
    min={1}
    max={1_000_000}
    defaultValue={value ?? ''}
    placeholder={String(usual)}
    hint={`What is sent beyond it is told to come later. Leave it empty for the default, ${formatCount(usual)}.`}
  />
);

function Actions({ setting, usual }: { readonly setting: KeySetting; readonly usual: number }) {
  const whose = `${nameOf(setting)}, ${hint(setting)}`;
  if (setting.revokedAt !== null) return null;
  return (
    <span className="flex justify-end gap-1 max-lg:-ml-2.5 max-lg:justify-start">
      <FormDialog
        look="quiet"
        label="Limit"
        ariaLabel={`Limit: ${whose}`}
        title={`Limit of ${whose}`}
        submit="Save"
        onSubmit={(form) => setRateLimit(setting.key, numberOrNull(form, 'rate'))}
      >
        {limitField(usual, setting.rateLimit)}
      </FormDialog>
      <FormDialog
        look="quiet"
        label="Revoke"
        ariaLabel={`Revoke: ${whose}`}
        title={`Revoke ${whose}?`}
        submit="Revoke"
        onSubmit={() => revokeKey(setting.key)}
      >
        <p className="text-pretty text-soft">
          Within seconds nothing more is taken under this key, and what is sent is lost to its sender’s log. Make the
          new key first, and let the application change over. This cannot be undone.
        </p>
      </FormDialog>
    </span>
  );
}

const columns = ({ defaultRateLimit: usual }: KeySettingsResponse): Column<KeySetting>[] => [
  {
    id: 'app',
    name: 'Application',
    heading: true,
    ascending: true,
    key: nameOf,
    cell: (setting) => <span className="wrap-anywhere">{nameOf(setting)}</span>,
  },
  {
    id: 'key',
    name: 'Key',
    width: '8rem',
    align: 'left',
    cell: (setting) => <code className="font-mono text-xs">{hint(setting)}</code>,
  },
  {
    id: 'state',
    name: 'State',
    width: '7rem',
    align: 'left',
    card: 'aside',
    key: ({ revokedAt }) => (revokedAt === null ? 0 : 1),
    cell: ({ revokedAt }) => (revokedAt === null ? <Tag look="accent">in force</Tag> : <Tag>revoked</Tag>),
  },
  {
    id: 'rate',
    name: 'Events a second',
    width: '10rem',
    card: 'half',
    key: ({ rateLimit }) => rateLimit ?? usual,
    cell: ({ rateLimit }) => (rateLimit === null ? `${formatCount(usual)} (default)` : formatCount(rateLimit)),
  },
  {
    id: 'created',
    name: 'Made',
    width: '8rem',
    align: 'left',
    card: 'third',
    key: ({ createdAt }) => Date.parse(createdAt),
    cell: ({ createdAt }) => <Day moment={createdAt} />,
  },
  {
    id: 'actions',
    name: 'Actions',
    width: '10rem',
    card: 'whole',
    cell: (setting) => <Actions setting={setting} usual={usual} />,
  },
];

function AddKey({
  apps,
  usual,
  app,
}: {
  readonly apps: readonly string[];
  readonly usual: number;
  readonly app: string;
}) {
  return (
    <FormDialog
      look="primary"
      label="Make a key"
      title="Make a key"
      submit="Make"
      onSubmit={(form) => addKey(textOf(form, 'app') || null, numberOrNull(form, 'rate'))}
    >
      <SelectField
        label="For"
        name="app"
        defaultValue={app}
        hint="Under a shared key every event names its application itself: by ai.cloud.role, service.name, or app."
      >
        {apps.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
        <option value="">all (a shared key)</option>
      </SelectField>
      {limitField(usual, null)}
    </FormDialog>
  );
}

function Keys({ data, apps }: { readonly data: KeySettingsResponse; readonly apps: AppSettingsResponse }) {
  const { app, sdk } = route.useSearch();
  const navigate = route.useNavigate();
  const shown = columns(data);
  const [sort, setSort] = useAddressSort('sort', shown, { column: 'app', descending: false });
  const [picked, setPicked] = useState<string | null>(null);
  const names = apps.apps.map(({ name }) => name);
  const inForce = data.keys.filter(({ revokedAt }) => revokedAt === null);
  const chosen = inForce.find(({ key }) => key === picked) ?? inForce.find((one) => one.app === app) ?? inForce[0];
  return (
    <>
      {chosen !== undefined && (
        <SetUp
          sdk={sdk}
          onSdk={(id) =>
            void navigate({ search: (current) => ({ ...current, sdk: id }), replace: true, resetScroll: false })
          }
          target={{ ...chosen, url: apps.publicUrl.replace(/\/+$/, ''), tlsPort: apps.tlsPort }}
          choice={
            <SelectField label="Application" value={chosen.key} onChange={(event) => setPicked(event.target.value)}>
              {inForce.map((one) => (
                <option key={one.key} value={one.key}>
                  {nameOf(one)} · {hint(one)}
                </option>
              ))}
            </SelectField>
          }
        />
      )}
      <Panel title="Keys" actions={<AddKey apps={names} usual={data.defaultRateLimit} app={app ?? names[0] ?? ''} />}>
        {data.keys.length === 0 ? (
          <Empty title="No keys yet">Every application gets one when it is added.</Empty>
        ) : (
          <DataTable
            label="Keys"
            columns={shown}
            rows={data.keys}
            rowKey={({ key }) => key}
            rowClass={({ revokedAt }) => (revokedAt === null ? '' : 'text-muted')}
            sort={sort}
            onSort={setSort}
            wideFrom="64rem"
          />
        )}
      </Panel>
    </>
  );
}

/** Ingest keys, and what to copy into an application. */
export function KeysSection() {
  const apps = useAppSettings();
  const keys = useKeySettings();
  return (
    <Answer query={keys} what="the keys" every={false}>
      {(data) => (
        <Answer query={apps} what="the applications" every={false}>
          {(settings) => <Keys data={data} apps={settings} />}
        </Answer>
      )}
    </Answer>
  );
}
