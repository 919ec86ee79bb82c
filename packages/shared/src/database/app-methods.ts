import { err, ok, type Result } from '../result.ts';
import type { AppKey, AppRecord, AppRef, Control } from './control.ts';
import type { DatabaseError } from './errors.ts';
import { checkName } from './names.ts';
import { checkApdex, checkRetention, noSuchApp } from './settings.ts';

/** What a database does for applications: statements, and no rules. Names are well formed and compare by letters, whatever their case. */
export interface AppTable {
  /** Adds one with its first key. Undefined when the name is taken. */
  add(name: string): Promise<AppKey | undefined>;
  find(name: string): Promise<(AppRef & { readonly key?: string }) | undefined>;
  /** Makes one more key of an application that is there. */
  addKey(app: AppRef): Promise<string>;
  list(): Promise<readonly AppRecord[]>;
  /** Undefined: the default. False when there is no such application. */
  setRetention(name: string, days: number | undefined): Promise<boolean>;
  /** The same. */
  setApdex(name: string, milliseconds: number | undefined): Promise<boolean>;
}

type AppMethods = Pick<Control, 'addApp' | 'ensureApp' | 'apps' | 'findApp' | 'setRetention' | 'setApdex'>;

/** Applications, whatever database they are in. */
export function makeAppMethods(table: AppTable): AppMethods {
  const isName = (name: string) => checkName('application', name).ok;
  return {
    async addApp(name): Promise<Result<AppKey, DatabaseError>> {
      const checked = checkName('application', name);
      if (!checked.ok) return checked;
      const added = await table.add(name);
      return added ? ok(added) : err({ code: 'exists', message: `There is an application named ${name} already.` });
    },
    async ensureApp(name) {
      const checked = checkName('application', name);
      if (!checked.ok) return checked;
      const before = await table.find(name);
      const added = before === undefined ? await table.add(name) : undefined;
      if (added !== undefined) return ok(added);
      // Applications are never removed, so one whose name was taken a moment ago is found now.
      const there = before ?? (await table.find(name));
      if (there === undefined) throw new Error(`application ${name} vanished`);
      return ok({ name: there.name, key: there.key ?? (await table.addKey(there)) });
    },
    apps: () => table.list(),
    async findApp(name) {
      const found = isName(name) ? await table.find(name) : undefined;
      if (found === undefined) return undefined;
      const { key: _, ...ref } = found;
      return ref;
    },
    async setRetention(name, days) {
      const checked = checkRetention(days);
      if (!checked.ok) return checked;
      return isName(name) && (await table.setRetention(name, days)) ? ok(undefined) : noSuchApp(name);
    },
    async setApdex(name, milliseconds) {
      const checked = checkApdex(milliseconds);
      if (!checked.ok) return checked;
      return isName(name) && (await table.setApdex(name, milliseconds)) ? ok(undefined) : noSuchApp(name);
    },
  };
}
