import type { DatabaseSync } from 'node:sqlite';
import type {
  AlertChange,
  AlertCursor,
  AlertDelivery,
  AlertDocument,
  AlertEntry,
  AlertTables,
} from '../alert-tables.ts';
import { inTransaction } from './connection.ts';
import { withPatience } from './patience.ts';

// Columns below are typed by the schema (STRICT tables, NOT NULL), which is the guarantee behind each cast.
interface DeliveryRow {
  readonly id: string;
  readonly at: number;
  readonly dueAt: number | null;
  readonly body: string;
}

const DELIVERY = 'SELECT id, at, due_at AS dueAt, body FROM alert_deliveries';

/** The tables of alerts on the embedded database. */
export function alertTables(db: DatabaseSync, now: () => number): AlertTables {
  const holds = db.prepare("SELECT 1 FROM leases WHERE name = 'alerts' AND holder = ? AND expires_at > ?");
  const selectHistory = db.prepare(`
    SELECT at, id, body FROM alert_history WHERE (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?`);
  const selectDeliveries = db.prepare(`${DELIVERY} ORDER BY at DESC, id DESC LIMIT ?`);
  const selectDue = db.prepare(`${DELIVERY} WHERE due_at <= ? ORDER BY due_at, id LIMIT ?`);
  const write = changeWriter(db);
  return {
    ...ruleMethods(db),
    ...leaseMethods(db, now),
    async states() {
      return db.prepare('SELECT id, body FROM alert_states ORDER BY id').all() as unknown as AlertDocument[];
    },
    commit: ({ holder, ...change }) =>
      withPatience(() =>
        inTransaction(db, () => {
          if (holder !== undefined && holds.get(holder, now()) === undefined) return false;
          write(change);
          return true;
        }),
      ),
    async history(limit: number, before: AlertCursor = { at: Number.MAX_SAFE_INTEGER, id: '' }) {
      return selectHistory.all(before.at, before.id, limit) as unknown as AlertEntry[];
    },
    deliveries: async (limit) => (selectDeliveries.all(limit) as unknown as DeliveryRow[]).map(toDelivery),
    dueDeliveries: async (limit) => (selectDue.all(now(), limit) as unknown as DeliveryRow[]).map(toDelivery),
    async forget({ history, deliveries }) {
      const forgetHistory = db.prepare('DELETE FROM alert_history WHERE at < ?');
      const forgetDeliveries = db.prepare('DELETE FROM alert_deliveries WHERE at < ? AND due_at IS NULL');
      await withPatience(() => forgetHistory.run(history));
      await withPatience(() => forgetDeliveries.run(deliveries));
    },
  };
}

function ruleMethods(db: DatabaseSync) {
  const select = db.prepare('SELECT id, at, body FROM alert_rules ORDER BY id');
  const put = db.prepare(`
    INSERT INTO alert_rules (id, at, body) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET at = excluded.at, body = excluded.body`);
  const remove = db.prepare('DELETE FROM alert_rules WHERE id = ?');
  const removeStates = db.prepare("DELETE FROM alert_states WHERE id = ?1 OR id LIKE ?1 || ' %'");
  return {
    rules: async () => select.all() as unknown as AlertEntry[],
    async putRule({ id, at, body }: AlertEntry) {
      await withPatience(() => put.run(id, at, body));
    },
    removeRule: (id: string) =>
      withPatience(() =>
        inTransaction(db, () => {
          removeStates.run(id);
          return Number(remove.run(id).changes) === 1;
        }),
      ),
  };
}

function leaseMethods(db: DatabaseSync, now: () => number) {
  const take = db.prepare(`
    UPDATE leases SET holder = ?1, expires_at = ?2 WHERE name = 'alerts' AND (holder = ?1 OR expires_at <= ?3)`);
  const drop = db.prepare("UPDATE leases SET holder = '', expires_at = 0 WHERE name = 'alerts' AND holder = ?");
  return {
    takeLease: (holder: string, ttlMs: number) =>
      withPatience(() => Number(take.run(holder, now() + ttlMs, now()).changes) === 1),
    async dropLease(holder: string) {
      await withPatience(() => drop.run(holder));
    },
  };
}

function changeWriter(db: DatabaseSync): (change: Omit<AlertChange, 'holder'>) => void {
  const putState = db.prepare(
    'INSERT INTO alert_states (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
  );
  const removeState = db.prepare('DELETE FROM alert_states WHERE id = ?');
  const addHistory = db.prepare('INSERT INTO alert_history (at, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const putDelivery = db.prepare(`
    INSERT INTO alert_deliveries (id, at, due_at, body) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, body = excluded.body`);
  return ({ states, history, deliveries }) => {
    for (const { id, body } of states) body === undefined ? removeState.run(id) : putState.run(id, body);
    for (const { at, id, body } of history) addHistory.run(at, id, body);
    for (const { id, at, dueAt, body } of deliveries) putDelivery.run(id, at, dueAt ?? null, body);
  };
}

const toDelivery = ({ id, at, dueAt, body }: DeliveryRow): AlertDelivery => ({
  id,
  at,
  body,
  ...(dueAt === null ? {} : { dueAt }),
});
