/** What makes a drill's database on a SQL Server, and takes it away. The name is one of ours: letters, digits, underscores. */
import type { Statement } from '@scorpiox/shared/database/console';

export const createDatabase = (name: string): Statement => ({ text: `CREATE DATABASE [${name}]` });

export const endSessions = (name: string): Statement => ({
  text: `ALTER DATABASE [${name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE`,
});

export const dropDatabase = (name: string): Statement => ({ text: `DROP DATABASE [${name}]` });
