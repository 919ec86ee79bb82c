import { ROLES } from '@scorpiox/shared/contract';
import { Option } from 'commander';

/** `--role viewer|admin`; any other role is a usage error that lists the two. */
export const roleOption = (description: string): Option => new Option('--role <role>', description).choices([...ROLES]);
