import type { Role } from '@scorpiox/shared/contract';
import { Option } from 'commander';

const ROLES = ['viewer', 'admin'] as const satisfies readonly Role[];

/** `--role viewer|admin`; any other role is a usage error that lists the two. */
export const roleOption = (description: string): Option => new Option('--role <role>', description).choices([...ROLES]);
