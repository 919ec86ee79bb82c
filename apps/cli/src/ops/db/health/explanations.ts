/** What each finding means, for `db explain`. Every code has one: the type says so. */
import type { Code } from './codes.ts';

export interface Explanation {
  readonly means: string;
  readonly hurts: string;
  readonly measured: string;
  readonly mends: string;
}

const WAITS =
  'sys.dm_os_wait_stats, looked at twice: what was waited between the looks, divided by the time between them, is how many tasks waited on average.';

const LOOKS_FIRST =
  'The unique index does the looking: an insert becomes a seek in it. Remove the duplicates first (`db dedupe`), make the index with IGNORE_DUP_KEY (`db unique`), then insert without looking.';

export const EXPLANATIONS: Readonly<Record<Code, Explanation>> = {
  'processor-busy': {
    means:
      'The server uses most of what the processors of its host can do. `top` sums over cores: 187 % on 4 cores are 1.87 of them, 47 % of the host.',
    hurts: 'Everything on the host waits for a core, the dashboards too.',
    measured:
      'ProcessUtilization in sys.dm_os_ring_buffers, a record a minute. SystemIdle is 0 on Linux and is not used.',
    mends:
      'Find what uses it (the statements of this report) before anything is limited: a scan for each insert is the usual cause.',
  },
  'tasks-waiting': {
    means: 'More tasks could run than there are cores.',
    hurts: 'Each has to wait for its turn, whatever it does.',
    measured: 'runnable_tasks_count of sys.dm_os_schedulers, summed over those that are online.',
    mends:
      'Fewer statements at once (a pool that is too large), cheaper ones (an index), or fewer cores each (`db tune --maxdop`).',
  },
  'many-sessions': {
    means: 'Many programs, or one with a pool that is too large or leaks, have sessions open.',
    hurts: 'Each that works holds locks and memory; the more at once, the longer all of them take.',
    measured: 'sys.dm_exec_sessions, those of users, without this command.',
    mends:
      'Make pools smaller. Where all of them insert the same way, let one program insert for the others, in batches.',
  },
  'idle-transaction': {
    means:
      'A session has begun a transaction and runs nothing: its program forgot it, waits for something else, or hangs.',
    hurts: 'What it has locked stays locked, and the log cannot be used again from there on.',
    measured: 'open_transaction_count and last_request_end_time of sys.dm_exec_sessions.',
    mends: '`db kill` shows what it holds and ends it; the program has to be mended.',
  },
  blocking: {
    means: 'Sessions wait for a lock that another one holds.',
    hurts: 'They do nothing meanwhile, and hold locks that others wait for.',
    measured: 'blocking_session_id of sys.dm_exec_requests, followed to the session that waits for nobody.',
    mends:
      '`db blocking` shows the chain. If its head runs nothing, `db kill` ends it; if it works, make what it does cheaper.',
  },
  'waits-locks': {
    means: 'Tasks wait for locks of others.',
    hurts: 'Writers come one after the other; readers wait for writers unless READ_COMMITTED_SNAPSHOT is on.',
    measured: `LCK_M_…: ${WAITS}`,
    mends: '`db blocking` shows whose. Scans lock what they read: an index keeps them from it.',
  },
  'waits-processor': {
    means: 'Tasks have used up their turn on a core and wait for the next.',
    hurts: 'The processors are the bottleneck.',
    measured: `SOS_SCHEDULER_YIELD: ${WAITS}`,
    mends: 'Look at the statements that cost most; scans of tables in memory do this.',
  },
  'waits-threads': {
    means: 'The server has no thread left for new work.',
    hurts: 'Whoever connects now waits, with a time-out in the end.',
    measured: `THREADPOOL: ${WAITS}`,
    mends: 'Usually a chain of waiting sessions (`db blocking`) or statements on too many cores (`db tune --maxdop`).',
  },
  'waits-disk': {
    means: 'Pages are read from the disk since they are not in memory.',
    hurts: 'A read from the disk takes a hundred times as long and more.',
    measured: `PAGEIOLATCH_…, IO_COMPLETION: ${WAITS}`,
    mends:
      'Scans push everything else out of memory: mend those first. Then give the server its share, and no more (`db tune`).',
  },
  'waits-log': {
    means: 'Commits wait until the log is on the disk.',
    hurts: 'A transaction for each row waits for the disk each time.',
    measured: `WRITELOG, LOGBUFFER: ${WAITS}`,
    mends: 'Many rows in a transaction. Not delayed durability: it loses what was acknowledged.',
  },
  'waits-parallel': {
    means: 'Workers of one statement wait for each other.',
    hurts: 'Small statements that are spread over all cores cost more than they save.',
    measured: `CXPACKET, CXSYNC_…: ${WAITS}`,
    mends: '`db tune --cost-threshold auto --maxdop auto`.',
  },
  'waits-memory': {
    means: 'Statements wait for memory in which they sort and join.',
    hurts: 'They do not begin before they have it.',
    measured: `RESOURCE_SEMAPHORE…: ${WAITS}`,
    mends: 'Fewer large sorts at once: an index in the order that is asked for.',
  },
  'waits-latches': {
    means: 'Tasks want the same page in memory at the same moment.',
    hurts: 'They come one after the other, as at a lock.',
    measured: `PAGELATCH_…: ${WAITS}`,
    mends: 'Many writers at the end of one index: fewer writers with larger batches.',
  },
  scan: {
    means: 'A statement reads a table, or an index, from end to end.',
    hurts: 'What it costs grows with the table, and while it reads it locks.',
    measured:
      'sys.dm_exec_query_stats by query_hash (statements that differ in their values only), scans from the plan of one (sys.dm_exec_query_plan).',
    mends: 'An index on what its WHERE compares. A plan is made anew when the index is there.',
  },
  'insert-looks-first': {
    means:
      'IF NOT EXISTS (SELECT …) INSERT: each insert looks through the table for its row. Without an index that is a scan for each row.',
    hurts:
      'It is slow, it locks what it reads, and it does not even keep duplicates out: two sessions that look at once both find nothing, and both insert.',
    measured:
      'The texts of the plan cache (sys.dm_exec_query_stats, sys.dm_exec_sql_text); what is no longer in it is not seen.',
    mends: LOOKS_FIRST,
  },
  duplicates: {
    means: 'Rows are there more than once, by the key that was named.',
    hurts: 'Every count and sum is wrong by them, and a unique index cannot be made (1505).',
    measured: 'GROUP BY the key: rows less keys. To SQL Server two NULLs are equal, to SQLite none is.',
    mends: '`db dedupe` keeps the earliest of each key and archives the others; `db unique` then keeps new ones out.',
  },
  'no-unique-index': {
    means: 'Nothing in the database keeps a row from being there twice.',
    hurts:
      'Whoever inserts has to look first, which is slow and wrong under concurrency; a row cannot be named to be changed.',
    measured: 'The catalog: no index of the table is unique and in use.',
    mends: LOOKS_FIRST,
  },
  'unique-refuses': {
    means: 'The unique index has no IGNORE_DUP_KEY: a duplicate is an error, and the whole statement inserts nothing.',
    hurts: 'Nothing, where writers expect that. Who sends batches has to look for the duplicate.',
    measured: 'sys.indexes: is_unique 1, ignore_dup_key 0, no primary key.',
    mends:
      'Where duplicates are to be skipped: make it anew with `db unique … --ignore-dup-key`. UPDATE and MERGE raise 2601 even then.',
  },
  'index-disabled': {
    means: 'The index is there and not kept.',
    hurts: 'Nobody can use it; a unique one keeps nothing out.',
    measured: 'sys.indexes.is_disabled.',
    mends: 'Rebuild it, or drop it.',
  },
  'index-unused': {
    means: 'The index was changed with its table, and never read, since the server was started.',
    hurts: 'Every insert costs more, and it takes room.',
    measured:
      'sys.dm_db_index_usage_stats; it begins anew at each start of the server, so what runs once a month may be missing.',
    mends: 'Drop it, when it is known that nothing rare needs it.',
  },
  'index-redundant': {
    means: 'Another index begins with the same columns in the same order.',
    hurts: 'Every insert costs more, and it takes room.',
    measured: 'The keys in the catalog. SQLite does not count which index is used.',
    mends: 'Drop it.',
  },
  'missing-index': {
    means: 'While it made plans the server noted an index that would have helped.',
    hurts: 'Those statements read more than they need.',
    measured:
      'sys.dm_db_missing_index_details and its group statistics. The server never suggests that an index be unique, so it would not have found what mends duplicates.',
    mends: 'Take it as a hint: one index may serve several of them.',
  },
  'computed-column': {
    means: 'A column is worked out each time it is read, out of a text: a duration as 00:00:00.1083441, for one.',
    hurts: 'Every reader pays for every row, and no sum can use an index.',
    measured:
      'sys.computed_columns (definition, is_persisted), on SQLite generated columns that are virtual; tables of ten thousand rows and more.',
    mends: '`db decompute` makes a real column of it, fills it in batches beside the writers, and swaps the two.',
  },
  'memory-unlimited': {
    means: 'The server may take all memory of its host, or nearly.',
    hurts: 'It does: the system then swaps, and everything on the host is slow.',
    measured: 'sys.configurations (value_in_use) against sys.dm_os_sys_info.physical_memory_kb.',
    mends:
      '`db tune --max-memory auto`: what the host has, less 1 GB, 1 more for each 4 GB up to 16, 1 more for each 8 above. 8,192 MB leave 5,120.',
  },
  'maxdop-unlimited': {
    means: 'One statement may use all cores.',
    hurts: 'A single large one keeps all others waiting.',
    measured:
      'sys.configurations (max degree of parallelism) against cpu_count and numa_node_count of sys.dm_os_sys_info.',
    mends: '`db tune --maxdop auto`, or less where writers and dashboards share few cores.',
  },
  'cost-threshold-low': {
    means:
      'Statements are spread over cores from a low cost on; the 5 that a server comes with dates from slow machines.',
    hurts: 'Small statements cost more than they save.',
    measured: 'sys.configurations (cost threshold for parallelism).',
    mends: '`db tune --cost-threshold auto` sets 50.',
  },
  'no-row-versions': {
    means: 'READ_COMMITTED_SNAPSHOT is off: a reader takes locks.',
    hurts: 'Dashboards wait for writers and writers for dashboards.',
    measured: 'sys.databases.is_read_committed_snapshot_on.',
    mends: 'Set it while nobody else is connected. It does not remove the range locks of an index with IGNORE_DUP_KEY.',
  },
  'delayed-durability': {
    means: 'Commits may be answered before they are on the disk.',
    hurts: 'A crash loses what was acknowledged.',
    measured: 'sys.databases.delayed_durability_desc.',
    mends: 'Turn it off; batches make the log cheap as well.',
  },
  'auto-shrink': {
    means: 'The server gives room back to the disk by itself.',
    hurts: 'It moves pages, scatters indexes, and the files grow again.',
    measured: 'sys.databases.is_auto_shrink_on.',
    mends: 'Turn it off.',
  },
  'log-filling': {
    means: 'The log is nearly full, and cannot be used again from its beginning.',
    hurts: 'When it is full, nobody can write (9002).',
    measured: 'sys.dm_db_log_space_usage; what holds it is log_reuse_wait_desc of sys.databases.',
    mends:
      'ACTIVE_TRANSACTION: end the one that is open (`db blocking`). LOG_BACKUP: back the log up, or do without one.',
  },
  'log-without-backup': {
    means: 'The database keeps its log for a backup of it that nobody makes.',
    hurts: 'The log grows until the disk is full.',
    measured: 'sys.databases.log_reuse_wait_desc LOG_BACKUP.',
    mends: 'BACKUP LOG again and again, or RECOVERY SIMPLE where no restore to a moment is needed.',
  },
  'growth-by-percent': {
    means: 'A file grows by a part of itself.',
    hurts: 'The larger it is, the longer a growth takes; a log is zeroed meanwhile and everybody waits.',
    measured: 'sys.database_files (is_percent_growth, growth).',
    mends: 'A fixed size, as 64 MB.',
  },
  'file-nearly-full': {
    means: 'A file has nearly the size that it may have.',
    hurts: 'When it has, nobody can insert (1105).',
    measured: 'FILEPROPERTY SpaceUsed against max_size of sys.database_files.',
    mends: 'Keep less, or let it grow.',
  },
  'full-soon': {
    means: 'At the pace of the last week the disk is full within a month.',
    hurts: 'A full disk stops every writer.',
    measured: "The API's samples of its database's size, against what is free on the disk.",
    mends: 'Keep less (`app retention`), or move to a larger disk (`db migrate`).',
  },
  'disk-low': {
    means: 'Little room is left on the disk of the database.',
    hurts: 'A full disk stops every writer; a migration or VACUUM needs as much room again.',
    measured: 'sys.dm_os_volume_stats; of a file the system.',
    mends: 'Make room, keep less, or move.',
  },
  'edition-limit': {
    means: 'The Express edition allows a database of 50 GB (10 GB before SQL Server 2025).',
    hurts: 'Beyond it every insert is refused (1827).',
    measured: 'The sum of the data files, against SERVERPROPERTY EngineEdition and ProductVersion.',
    mends: 'Keep less, or move to another edition or SQLite (`db migrate`).',
  },
  'wal-large': {
    means: 'The write-ahead log begins anew only when nobody reads what is in it. Somebody has read for long.',
    hurts: 'It takes the disk, and every read has to look through it.',
    measured: 'The size of the -wal file; who reads now is told by locks, since when is not.',
    mends: 'End what reads (`db top`), or let it finish; the next write after it begins the log anew.',
  },
  'not-wal': {
    means: 'The file is in the old mode, where a writer keeps readers out.',
    hurts: 'Readers and writers wait for each other.',
    measured: 'PRAGMA journal_mode.',
    mends: 'Switch it once, while nobody has it open: the file keeps it. The platform does so with its own.',
  },
  'free-pages': {
    means: 'Rows were deleted, and their pages are kept for new ones.',
    hurts: 'Nothing, unless the disk needs the room.',
    measured: 'PRAGMA freelist_count.',
    mends: 'VACUUM writes the file anew; it takes as much room again, and nobody can write meanwhile.',
  },
  damaged: {
    means: 'The file is not what SQLite wrote: a disk, a copy of a running database, or a lock that did not work.',
    hurts: 'What is read may be wrong, and writing makes it worse.',
    measured: 'PRAGMA quick_check, with --deep integrity_check.',
    mends: 'Stop what uses it, keep the file, and put a backup in its place.',
  },
  'schema-old': {
    means: 'An older program has left it.',
    hurts: 'Nothing: the next start brings it up to date, which takes a while.',
    measured: 'The table of migrations.',
    mends: 'Start the platform.',
  },
  'schema-too-new': {
    means: 'A newer program has changed it.',
    hurts: 'This one refuses to use it.',
    measured: 'The table of migrations.',
    mends: 'Run the newer program.',
  },
};
