// The thread that brings the database of an older program to this one's version: for seconds or for many minutes.
import { serveThread } from '../../threads/server.ts';
import { migrationHandlers } from './migration-handlers.ts';

serveThread(migrationHandlers());
