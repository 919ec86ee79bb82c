import type { UserSetting } from '@scorpiox/shared/contract';
import { Answer } from '../../components/states/answer.tsx';
import { Empty } from '../../components/states/states.tsx';
import type { Column } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useAddressSort } from '../../components/table/use-address-sort.ts';
import { TextField } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { Panel } from '../../components/ui/panel.tsx';
import { addUser, setRole, useUserSettings } from '../../lib/api/settings.ts';
import { roleOrNull, secretOf, textOf } from './form.ts';
import { RoleField } from './role-field.tsx';

function columns(self: string | undefined): Column<UserSetting>[] {
  return [
    {
      id: 'name',
      name: 'Account',
      heading: true,
      ascending: true,
      key: ({ name }) => name,
      cell: ({ name }) => <span className="wrap-anywhere">{name === self ? `${name} (you)` : name}</span>,
    },
    {
      id: 'role',
      name: 'Role',
      width: '12rem',
      align: 'left',
      key: ({ role }) => role ?? '',
      cell: ({ role, disabled }) => `${role ?? 'none (mail only)'}${disabled ? ', disabled' : ''}`,
    },
    {
      id: 'actions',
      name: 'Actions',
      width: '9rem',
      card: 'whole',
      cell: ({ name, role }) =>
        name !== self && (
          <FormDialog
            look="quiet"
            label="Change role"
            ariaLabel={`Change role of ${name}`}
            title={`Role of ${name}`}
            submit="Save"
            onSubmit={(form) => setRole(name, roleOrNull(form, 'role'))}
          >
            <RoleField value={role} none />
            <p className="text-pretty text-soft">{name} is signed out everywhere, and can still read mail.</p>
          </FormDialog>
        ),
    },
  ];
}

const AddUser = () => (
  <FormDialog
    look="primary"
    label="Add a user"
    title="Add a user"
    submit="Add"
    onSubmit={(form) => addUser(textOf(form, 'name'), secretOf(form, 'password'), roleOrNull(form, 'role'))}
  >
    <TextField label="Name" name="name" required maxLength={64} hint="Lower case; also the name of the mailbox." />
    <TextField
      label="First password"
      name="password"
      type="password"
      required
      maxLength={1024}
      autoComplete="new-password"
      hint="The user can change it below “Your password”."
    />
    <RoleField none />
  </FormDialog>
);

/** Accounts and what they may do here. */
export function UsersSection({ self }: { readonly self: string | undefined }) {
  const query = useUserSettings();
  const shown = columns(self);
  const [sort, setSort] = useAddressSort('sort', shown, { column: 'name', descending: false });
  return (
    <Panel
      title="Users"
      note="Accounts sign in here and to their mail. To keep somebody out of the dashboard, take the role away."
      actions={<AddUser />}
    >
      <Answer query={query} what="the users" every={false}>
        {({ users }) =>
          users.length === 0 ? (
            <Empty title="No accounts yet">You came by a one-time link; add an account to come back.</Empty>
          ) : (
            <DataTable
              label="Users"
              columns={shown}
              rows={users}
              rowKey={({ name }) => name}
              sort={sort}
              onSort={setSort}
              wideFrom="40rem"
            />
          )
        }
      </Answer>
    </Panel>
  );
}
