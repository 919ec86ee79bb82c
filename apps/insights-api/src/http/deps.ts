import type { Accounts } from '@scorpiox/shared/accounts';
import type { Control } from '@scorpiox/shared/database';
import type { Alerts } from '../alerts/alerts.ts';
import type { AlertBook } from '../alerts/book.ts';
import type { AlertMail } from '../alerts/mail/recipients.ts';
import type { Backups } from '../backup/backups.ts';
import type { Imports } from '../imports/imports.ts';
import type { Budget } from '../ingest/budget.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveHub } from '../live/hub.ts';
import type { Store } from '../store/port.ts';
import type { PlatformView } from '../watch/platform-view.ts';
import type { WorkBoard } from '../work/board.ts';
import type { GroupCommit } from '../writer/group-commit.ts';
import type { SpoolView } from '../writer/spool/spooled-store.ts';

/** What the routes are given that take telemetry. */
export interface IngestDeps {
  readonly ingest: Pick<Ingest, 'knows' | 'take'>;
  /** Memory for ingest bodies. */
  readonly memory: Budget;
}

/** What the HTTP side is given. */
export interface HttpDeps {
  readonly platform: Pick<PlatformView, 'state'>;
  readonly alerts: Pick<Alerts, 'state' | 'nudge'>;
  readonly alertBook: AlertBook;
  readonly alertMail: AlertMail;
  readonly control: Control;
  readonly accounts: Pick<Accounts, 'verify' | 'find' | 'list' | 'add' | 'setPassword' | 'setRole'>;
  readonly store: Omit<Store, 'write' | 'purge' | 'failed' | 'close'>;
  readonly writer: Pick<GroupCommit, 'state'>;
  /** What goes by everybody who looks on. */
  readonly live: Pick<LiveHub, 'open'>;
  /** What waits for a SQL Server; absent with an embedded database. */
  readonly spool?: SpoolView | undefined;
  readonly ingest: Ingest;
  /** Memory for ingest bodies. */
  readonly memory: Budget;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Base address that people use. */
  readonly publicUrl: string;
  /** Where this process talks HTTPS; absent: nowhere. */
  readonly tlsPort?: number | undefined;
  /** Addresses and networks of reverse proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: readonly string[];
  /** Folder of the built dashboard; absent where it is not built. */
  readonly dashboard: string | undefined;
  /** Whether the process takes work: false once it was told to stop. */
  readonly isReady: () => boolean;
  /** Copies of the embedded database; absent with a SQL Server. */
  readonly backups?: Pick<Backups, 'start' | 'running' | 'last'> | undefined;
  /** Old tables. */
  readonly imports: Pick<Imports, 'start' | 'running' | 'states'>;
  /** Long work under way. */
  readonly board: Pick<WorkBoard, 'states'>;
}
