import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Control } from '../../src/database/index.ts';

/** An empty database of any kind. */
export interface ControlFixture {
  /** Another connection to it, with a clock of its own. The fixture closes it. */
  open(now?: () => number): Promise<Control>;
  /** Whether this text is anywhere in what is stored. */
  holds(text: string): Promise<boolean>;
  close(): Promise<void>;
}

/** What the control side does on every database; `make` gives a fresh one each time. `skip`: why it cannot run here. */
export function controlContract(name: string, make: () => Promise<ControlFixture>, skip?: string): void {
  const title = `${name} keeps the control contract`;
  describe.skipIf(skip !== undefined)(skip === undefined ? title : `${title} (${skip})`, () => {
    let fixture: ControlFixture;
    beforeEach(async () => {
      fixture = await make();
    });
    afterEach(() => fixture.close());

    test('views are put, changed under their owner, removed, and no more than allowed', async () => {
      const control = await fixture.open();
      const view = (id: string, more: object = {}) => ({
        id,
        owner: 'ann',
        changedAt: 5,
        body: `{"name":"é ${id}"}`,
        ...more,
      });
      expect(await control.putView(view('b'), 2)).toBe(true);
      expect(await control.putView(view('a'), 2)).toBe(true);
      expect(await control.putView(view('c'), 2)).toBe(false);
      expect(await control.views()).toEqual([view('a'), view('b')]);
      expect(await control.putView(view('a', { owner: 'bob', changedAt: 6, body: '{}' }), 2)).toBe(true);
      expect(await control.views()).toEqual([view('a', { changedAt: 6, body: '{}' }), view('b')]);
      expect(await control.removeView('a')).toBe(true);
      expect(await control.removeView('a')).toBe(false);
      expect(await control.removeView('b'.repeat(40))).toBe(false);
      expect(await control.views()).toEqual([view('b')]);
    });

    describe('applications', () => {
      test('an added application is found by its key in any letter case', async () => {
        const control = await fixture.open();
        const added = await control.addApp('shop');
        if (!added.ok) throw new Error(added.error.message);
        expect(added.value.key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(await control.findKey(added.value.key.toUpperCase())).toMatchObject({ app: { name: 'shop' } });
        expect(await control.findKey('00000000-0000-0000-0000-000000000000')).toBeUndefined();
        expect(await control.apps()).toMatchObject([{ name: 'shop', key: added.value.key }]);
      });

      test('adding a name twice is refused, whatever its case, and leaves one', async () => {
        const control = await fixture.open();
        await control.addApp('shop');
        expect(await control.addApp('Shop')).toMatchObject({ ok: false, error: { code: 'exists' } });
        expect(await control.apps()).toHaveLength(1);
      });

      test('ensureApp gives the same key each time', async () => {
        const control = await fixture.open();
        const first = await control.ensureApp('imap');
        expect(await control.ensureApp('imap')).toEqual(first);
        expect(await control.apps()).toHaveLength(1);
      });

      test.each(['', ' shop', 'shop ', 'a\nb', 'a/b', 'x'.repeat(65), '-shop'])('%j is no name', async (name) => {
        const control = await fixture.open();
        expect(await control.addApp(name)).toMatchObject({ ok: false, error: { code: 'invalid-name' } });
        expect(await control.addToken(name, 'viewer')).toMatchObject({ ok: false, error: { code: 'invalid-name' } });
      });
    });

    describe('keys', () => {
      const keyOf = async (adding: ReturnType<Control['addKey']>) => {
        const added = await adding;
        if (!added.ok) throw new Error(added.error.message);
        return added.value;
      };

      test('an application changes over from key to key: both are in force until the old one is revoked', async () => {
        let now = 1_000_000;
        const control = await fixture.open(() => now);
        const first = await control.ensureApp('shop');
        if (!first.ok) throw new Error(first.error.message);
        now += 1000;
        const second = await keyOf(control.addKey({ app: 'SHOP', rateLimit: 50 }));
        expect(second).toEqual({ key: second.key, app: 'shop', rateLimit: 50, createdAt: now });
        expect(await control.findKey(first.value.key)).toMatchObject({ app: { name: 'shop' } });
        expect(await control.findKey(second.key)).toMatchObject({ app: { name: 'shop' }, rateLimit: 50 });
        now += 1000;
        expect(await control.revokeKey(first.value.key.toUpperCase())).toMatchObject({ ok: true });
        const revokedAt = now;
        now += 1000;
        expect(await control.revokeKey(first.value.key)).toMatchObject({ ok: true });
        expect(await control.findKey(first.value.key)).toBeUndefined();
        expect(await control.apps()).toMatchObject([{ name: 'shop', key: second.key }]);
        expect(await control.ensureApp('shop')).toMatchObject({ value: { key: second.key } });
        expect(await control.keys()).toEqual([
          { key: first.value.key, app: 'shop', createdAt: 1_000_000, revokedAt },
          second,
        ]);
      });

      test('an application whose keys are all revoked is listed without one, and ensureApp makes it one', async () => {
        const control = await fixture.open();
        const added = await control.addApp('shop');
        if (!added.ok) throw new Error(added.error.message);
        await control.revokeKey(added.value.key);
        expect((await control.apps())[0]).not.toHaveProperty('key');
        const again = await control.ensureApp('shop');
        if (!again.ok) throw new Error(again.error.message);
        expect(again.value.key).not.toBe(added.value.key);
        expect(await control.findKey(again.value.key)).toMatchObject({ app: { name: 'shop' } });
      });

      test('a shared key names no application', async () => {
        const control = await fixture.open();
        const shared = await keyOf(control.addKey({}));
        expect(shared).not.toHaveProperty('app');
        expect(await control.findKey(shared.key)).toEqual({});
        expect(await control.keys()).toEqual([shared]);
      });

      test('limits of keys and retention are set and taken back; what is out of bounds or not there is refused', async () => {
        const control = await fixture.open();
        const added = await control.addApp('shop');
        if (!added.ok) throw new Error(added.error.message);
        const { key } = added.value;
        await control.setRateLimit(key, 10);
        await control.setRetention('Shop', 90);
        await control.setApdex('Shop', 250);
        expect(await control.findKey(key)).toMatchObject({ app: { retentionDays: 90 }, rateLimit: 10 });
        expect(await control.findApp('SHOP')).toMatchObject({ name: 'shop', retentionDays: 90, apdexMs: 250 });
        expect(await control.apps()).toMatchObject([{ name: 'shop', apdexMs: 250 }]);
        await control.setApdex('shop', undefined);
        await control.setRateLimit(key, undefined);
        await control.setRetention('shop', undefined);
        expect(await control.findKey(key)).toEqual({ app: await control.findApp('shop') });
        const refused = (code: string) => ({ ok: false, error: { code } });
        for (const value of [0, -1, 1.5, Number.NaN, 1e9]) {
          expect(await control.setRateLimit(key, value)).toMatchObject(refused('invalid-value'));
          expect(await control.setRetention('shop', value)).toMatchObject(refused('invalid-value'));
          expect(await control.setApdex('shop', value)).toMatchObject(refused('invalid-value'));
          expect(await control.addKey({ rateLimit: value })).toMatchObject(refused('invalid-value'));
        }
        const nobodys = '00000000-0000-0000-0000-000000000000';
        expect(await control.setRetention('nobody', 1)).toMatchObject(refused('not-found'));
        expect(await control.setApdex('nobody', 1)).toMatchObject(refused('not-found'));
        expect(await control.addKey({ app: 'nobody' })).toMatchObject(refused('not-found'));
        for (const unknown of [nobodys, 'no key', '']) {
          expect(await control.revokeKey(unknown)).toMatchObject(refused('not-found'));
          expect(await control.setRateLimit(unknown, 1)).toMatchObject(refused('not-found'));
        }
        expect(await control.findApp('nobody')).toBeUndefined();
        expect(await control.keys()).toHaveLength(1);
      });
    });

    test('sizes are noted once for each moment, listed oldest first, and forgotten', async () => {
      const control = await fixture.open();
      for (const at of [3000, 1000, 2000]) await control.noteSize({ at, bytes: at * 2 ** 24 }, 0);
      await control.noteSize({ at: 2000, bytes: 5 }, 0);
      expect(await control.sizes(2000)).toEqual([
        { at: 2000, bytes: 2000 * 2 ** 24 },
        { at: 3000, bytes: 3000 * 2 ** 24 },
      ]);
      await control.noteSize({ at: 4000, bytes: 1 }, 3000);
      expect((await control.sizes(0)).map(({ at }) => at)).toEqual([3000, 4000]);
    });

    test('processes that are there know of each other, until they stop or say nothing for long', async () => {
      const control = await fixture.open();
      expect(await control.noteProcess({ name: 'b:1', at: 1000 }, 0)).toEqual(['b:1']);
      expect(await control.noteProcess({ name: 'a:1', at: 2000 }, 0)).toEqual(['a:1', 'b:1']);
      expect(await control.noteProcess({ name: 'b:1', at: 3000 }, 2500)).toEqual(['b:1']);
      await control.noteProcess({ name: 'a:1', at: 3000 }, 2500);
      await control.removeProcess('b:1');
      expect(await control.noteProcess({ name: 'a:1', at: 3500 }, 2500)).toEqual(['a:1']);
    });

    describe('tokens, links, sessions', () => {
      test('a token names its owner and role, and the database holds no secret as it was given', async () => {
        const control = await fixture.open();
        const issued = await control.addToken('ci', 'viewer');
        if (!issued.ok) throw new Error(issued.error.message);
        expect(await control.findToken(issued.value.token)).toEqual({ user: 'ci', role: 'viewer' });
        expect(await control.findToken('sxt_other')).toBeUndefined();
        expect(await control.addToken('ci', 'admin')).toMatchObject({ ok: false, error: { code: 'exists' } });
        const { token: session } = await control.createSession({ user: 'alice', role: 'admin', ttlMs: 1000 });
        const { token: link } = await control.addSignInLink({ user: 'alice', role: 'admin', ttlMs: 1000 });
        for (const secret of [issued.value.token, session, link]) expect(await fixture.holds(secret)).toBe(false);
        expect(await fixture.holds('alice')).toBe(true);
      });

      test('a link works once, even when two connections take it', async () => {
        const [one, two] = [await fixture.open(), await fixture.open()];
        const { token } = await one.addSignInLink({ user: 'alice', role: 'admin', ttlMs: 60_000 });
        const results = await Promise.all([one.useSignInLink(token), two.useSignInLink(token)]);
        expect(results.filter((principal) => principal?.user === 'alice')).toHaveLength(1);
      });

      test('links and sessions expire', async () => {
        let now = 1_000_000;
        const control = await fixture.open(() => now);
        const { token: link } = await control.addSignInLink({ user: 'alice', role: 'admin', ttlMs: 1000 });
        const { token: session } = await control.createSession({ user: 'alice', role: 'viewer', ttlMs: 1000 });
        expect(await control.findSession(session)).toEqual({ user: 'alice', role: 'viewer' });
        now += 1000;
        expect(await control.useSignInLink(link)).toBeUndefined();
        expect(await control.findSession(session)).toBeUndefined();
      });

      test('tokens are listed without themselves, and one that is revoked opens nothing and leaves its name free', async () => {
        const control = await fixture.open(() => 5000);
        await control.addToken('ops', 'admin');
        const issued = await control.addToken('Ci', 'viewer');
        if (!issued.ok) throw new Error(issued.error.message);
        expect(await control.tokens()).toEqual([
          { name: 'Ci', role: 'viewer', createdAt: 5000 },
          { name: 'ops', role: 'admin', createdAt: 5000 },
        ]);
        expect(await control.revokeToken('CI')).toMatchObject({ ok: true });
        expect(await control.findToken(issued.value.token)).toBeUndefined();
        expect(await control.revokeToken('ci')).toMatchObject({ ok: false, error: { code: 'not-found' } });
        expect(await control.revokeToken('a/b')).toMatchObject({ ok: false, error: { code: 'not-found' } });
        expect(await control.tokens()).toMatchObject([{ name: 'ops' }]);
        expect(await control.addToken('ci', 'viewer')).toMatchObject({ ok: true });
      });

      test('all sessions of somebody end but the one that is named', async () => {
        const control = await fixture.open();
        const start = async (user: string) =>
          (await control.createSession({ user, role: 'viewer', ttlMs: 60_000 })).token;
        const [here, there, other] = [await start('alice'), await start('alice'), await start('bob')];
        await control.endSessionsOf('alice', here);
        expect(await control.findSession(here)).toMatchObject({ user: 'alice' });
        expect(await control.findSession(there)).toBeUndefined();
        await control.endSessionsOf('alice');
        expect(await control.findSession(here)).toBeUndefined();
        expect(await control.findSession(other)).toMatchObject({ user: 'bob' });
      });

      test('an ended session is gone', async () => {
        const control = await fixture.open();
        const { token } = await control.createSession({ user: 'alice', role: 'viewer', ttlMs: 60_000 });
        await control.endSession(token);
        expect(await control.findSession(token)).toBeUndefined();
      });
    });
  });
}
