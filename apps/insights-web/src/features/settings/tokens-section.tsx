import type { IssuedToken, TokenSettingsResponse } from '@scorpiox/shared/contract';
import { useState } from 'react';
import { Answer } from '../../components/states/answer.tsx';
import { Empty } from '../../components/states/states.tsx';
import type { Column } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useAddressSort } from '../../components/table/use-address-sort.ts';
import { CodeBlock } from '../../components/ui/code-block.tsx';
import { Day } from '../../components/ui/day.tsx';
import { TextField } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { Panel } from '../../components/ui/panel.tsx';
import { addToken, revokeToken, useTokenSettings } from '../../lib/api/settings.ts';
import { roleOrNull, textOf } from './form.ts';
import { RoleField } from './role-field.tsx';

type TokenRow = TokenSettingsResponse['tokens'][number];

const COLUMNS: readonly Column<TokenRow>[] = [
  {
    id: 'name',
    name: 'Token',
    heading: true,
    ascending: true,
    key: ({ name }) => name,
    cell: ({ name }) => <span className="wrap-anywhere">{name}</span>,
  },
  { id: 'role', name: 'Role', width: '8rem', align: 'left', key: ({ role }) => role, cell: ({ role }) => role },
  {
    id: 'created',
    name: 'Issued',
    width: '8rem',
    align: 'left',
    card: 'third',
    key: ({ createdAt }) => Date.parse(createdAt),
    cell: ({ createdAt }) => <Day moment={createdAt} />,
  },
  {
    id: 'actions',
    name: 'Actions',
    width: '7rem',
    card: 'whole',
    cell: ({ name }) => (
      <FormDialog
        look="quiet"
        label="Revoke"
        ariaLabel={`Revoke ${name}`}
        title={`Revoke ${name}?`}
        submit="Revoke"
        onSubmit={() => revokeToken(name)}
      >
        <p className="text-pretty text-soft">Whoever uses it is turned away from now on. This cannot be undone.</p>
      </FormDialog>
    ),
  },
];

function AddToken({ onIssued }: { readonly onIssued: (issued: IssuedToken) => void }) {
  return (
    <FormDialog
      look="primary"
      label="Issue a token"
      title="Issue a token"
      submit="Issue"
      onSubmit={async (form) => onIssued(await addToken(textOf(form, 'name'), roleOrNull(form, 'role') ?? 'viewer'))}
    >
      <TextField label="Name" name="name" required maxLength={64} hint="Who or what will use it." />
      <RoleField />
    </FormDialog>
  );
}

/** API tokens: what programs ask the API with. */
export function TokensSection() {
  const query = useTokenSettings();
  const [sort, setSort] = useAddressSort('sort', COLUMNS, { column: 'name', descending: false });
  const [issued, setIssued] = useState<IssuedToken | null>(null);
  return (
    <Panel
      title="API tokens"
      note="For programs: they send one as Authorization: Bearer TOKEN. Applications send events under a key instead."
      actions={<AddToken onIssued={setIssued} />}
    >
      {issued !== null && (
        <div role="status" className="mb-4 flex flex-col gap-2 rounded-lg border border-accent/40 bg-tint p-4">
          <p className="font-medium">Copy the token {issued.name} now: it is not shown again.</p>
          <CodeBlock label={`Token ${issued.name}`} code={issued.token} />
        </div>
      )}
      <Answer query={query} what="the tokens" every={false}>
        {({ tokens }) =>
          tokens.length === 0 ? (
            <Empty title="No tokens">Programs need one to ask the API; people sign in.</Empty>
          ) : (
            <DataTable
              label="API tokens"
              columns={COLUMNS}
              rows={tokens}
              rowKey={({ name }) => name}
              sort={sort}
              onSort={setSort}
              wideFrom="48rem"
            />
          )
        }
      </Answer>
    </Panel>
  );
}
