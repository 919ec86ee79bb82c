import type { AlertRule, AlertsResponse } from '@scorpiox/shared/contract';
import { Empty } from '../../components/states/states.tsx';
import type { Column } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useAddressSort } from '../../components/table/use-address-sort.ts';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { Panel } from '../../components/ui/panel.tsx';
import { Tag } from '../../components/ui/tag.tsx';
import { removeRule, saveRule } from '../../lib/api/alerts.ts';
import { useAppSettings } from '../../lib/api/settings.ts';
import { describeCondition, describeScope, describeTiming, readRule } from './describe.ts';
import { RuleFields } from './rule-fields.tsx';
import { TestButton } from './test-button.tsx';

interface EditProps {
  readonly rule?: AlertRule;
  readonly mailTo: readonly string[];
}

function EditRule({ rule, mailTo }: EditProps) {
  const apps = useAppSettings().data?.apps.map(({ name }) => name) ?? [];
  return (
    <FormDialog
      look={rule === undefined ? 'primary' : 'quiet'}
      label={rule === undefined ? 'Add a rule' : 'Change'}
      {...(rule === undefined ? {} : { ariaLabel: `Change ${rule.name}` })}
      title={rule === undefined ? 'Add a rule' : `Change ${rule.name}`}
      submit={rule === undefined ? 'Add' : 'Save'}
      className="w-[34rem]"
      onSubmit={(form) => saveRule(rule?.id, readRule(form))}
    >
      <RuleFields rule={rule} apps={apps} mailTo={mailTo} />
    </FormDialog>
  );
}

const RemoveRule = ({ rule }: { readonly rule: AlertRule }) => (
  <FormDialog
    look="quiet"
    label="Remove"
    ariaLabel={`Remove ${rule.name}`}
    title={`Remove ${rule.name}?`}
    submit="Remove"
    onSubmit={() => removeRule(rule.id)}
  >
    <p className="text-pretty text-soft">Nobody is told of it any more. Its history stays. This cannot be undone.</p>
  </FormDialog>
);

const SEVERITY = { firing: 3, pending: 2, well: 1, off: 0 };

function stateOf({ enabled, subjects }: AlertRule): keyof typeof SEVERITY {
  if (!enabled) return 'off';
  if (subjects.some(({ status }) => status === 'firing')) return 'firing';
  return subjects.length > 0 ? 'pending' : 'well';
}

const LOOKS = { firing: 'fail', pending: 'note', well: 'accent', off: 'plain' } as const;

const tells = ({ mail, webhook }: AlertRule): string =>
  [mail ? ['mail'] : [], webhook === null ? [] : ['webhook']].flat().join(', ') || 'nobody';

const actions = (mailTo: readonly string[]): Column<AlertRule> => ({
  id: 'actions',
  name: 'Actions',
  width: '13.5rem',
  card: 'whole',
  cell: (rule) => (
    <span className="flex justify-end gap-1 max-lg:-ml-2.5 max-lg:justify-start">
      <TestButton rule={rule} />
      <EditRule rule={rule} mailTo={mailTo} />
      <RemoveRule rule={rule} />
    </span>
  ),
});

const COLUMNS: readonly Column<AlertRule>[] = [
  {
    id: 'state',
    name: 'State',
    width: '6rem',
    align: 'left',
    card: 'aside',
    key: (rule) => SEVERITY[stateOf(rule)],
    cell: (rule) => <Tag look={LOOKS[stateOf(rule)]}>{stateOf(rule)}</Tag>,
  },
  {
    id: 'name',
    name: 'Rule',
    heading: true,
    ascending: true,
    width: '14rem',
    key: ({ name }) => name,
    cell: ({ name }) => <span className="wrap-anywhere">{name}</span>,
  },
  {
    id: 'condition',
    name: 'When',
    align: 'left',
    card: 'whole',
    cell: (rule) => (
      <span className="block py-1.5 whitespace-normal">
        {describeScope(rule)}: {describeCondition(rule.condition)}
      </span>
    ),
  },
  {
    id: 'timing',
    name: 'Tells',
    width: '16rem',
    align: 'left',
    card: 'whole',
    cell: (rule) => (
      <span className="block py-1.5 whitespace-normal">
        {tells(rule)}; {describeTiming(rule)}
      </span>
    ),
  },
];

/** The rules, and for admins the ways to change them. */
export function RulesPanel({ data, isAdmin }: { readonly data: AlertsResponse; readonly isAdmin: boolean }) {
  const [sort, setSort] = useAddressSort('sortRules', COLUMNS, { column: 'state', descending: true });
  const add = isAdmin && <EditRule mailTo={data.mailTo} />;
  return (
    <Panel title="Rules" actions={data.rules.length > 0 && add}>
      {data.rules.length === 0 ? (
        <Empty title="No rules yet" action={add}>
          A rule says what is bad, for how long, and whom to tell: by mail into your own mailbox, or by a webhook.
          {!isAdmin && ' An admin can add one.'}
        </Empty>
      ) : (
        <DataTable
          label="Rules"
          columns={isAdmin ? [...COLUMNS, actions(data.mailTo)] : COLUMNS}
          rows={data.rules}
          rowKey={({ id }) => id}
          sort={sort}
          onSort={setSort}
          wideFrom="64rem"
        />
      )}
    </Panel>
  );
}
