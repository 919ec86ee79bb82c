import type { Role } from '@scorpiox/shared/contract';
import { SelectField } from '../../components/ui/field.tsx';

interface RoleFieldProps {
  readonly value?: Role | null;
  /** Whether nothing at all can be chosen: an account for mail only. */
  readonly none?: boolean;
}

/** What somebody may do. */
export const RoleField = ({ value = 'viewer', none = false }: RoleFieldProps) => (
  <SelectField
    label="Role"
    name="role"
    defaultValue={value ?? ''}
    hint="Viewers see everything that is measured. Admins also change settings, and see keys and users."
  >
    <option value="viewer">viewer</option>
    <option value="admin">admin</option>
    {none && <option value="">none (mail only)</option>}
  </SelectField>
);
