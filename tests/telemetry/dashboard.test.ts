// The whole way: mail is read over IMAP, applications are simulated, and the operator sees it all in a real browser. One
// platform and one browser for everything here, since both take their time to start.
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiOf } from '../support/api.ts';
import { startBrowser } from '../support/browser.ts';
import { checkPage, type Look, watchComplaints } from '../support/check-page.ts';
import { LIVE_RECEIVED, PAGES } from '../support/pages.ts';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { descendantsOf } from '../support/processes.ts';
import { describeWith } from '../support/programs.ts';
import { signedIn } from '../support/raw-imap.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform(['--demo']);
  await platform.addUser('alice');
  await platform.addUser('olga', '--role', 'viewer');
  await platform.addUser('adam', '--role', 'admin');
});
afterAll(() => platform?.stop());

const address = () => `http://127.0.0.1:${platform.ports.api}`;

async function readMail(commands: number): Promise<void> {
  const { ports, ca } = platform;
  const imap = await signedIn(ports.imaps, ca, 'alice', passwordOf('alice'));
  for (let count = 0; count < commands; count += 1) await imap.command('NOOP');
  await imap.command('LOGOUT');
  imap.close();
}

const post = (path: string, body: object): Promise<Response> =>
  fetch(`${address()}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('--demo shows 15 applications, told apart by their names, and a mailbox with mail', async () => {
  await readMail(5);
  const api = await apiOf(platform);
  const apps = await api.untilApps((now) => {
    const demo = [...now.values()].filter(({ name }) => name.includes('demo'));
    return demo.length === 15 && demo.filter(({ requests }) => requests > 0).length >= 14 && now.has('scorpiox-imap');
  });
  expect([...apps.keys()].filter((name) => !name.includes('demo'))).toEqual(['scorpiox-imap']);

  const password = /demo[^\n]*password[^\n]*?[: ]\s*(\S+)\s*$/im.exec(platform.output())?.[1] ?? '';
  const imap = await signedIn(platform.ports.imaps, platform.ca, 'demo', password);
  const status = await imap.command('STATUS INBOX (MESSAGES)');
  expect(Number(/MESSAGES (\d+)/.exec(status)?.[1])).toBeGreaterThan(5);
  imap.close();
});

test('an account without a role may read its mail but not the telemetry', async () => {
  expect((await post('/api/session', { user: 'alice', password: passwordOf('alice') })).status).toBe(403);
});

describeWith(['chromium'], 'the dashboard in Chromium', () => {
  let browser: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await startBrowser();
    page = await browser.newPage();
    complaints = watchComplaints(page);
  });
  afterAll(() => browser?.close());

  const row = () => page.getByRole('row').filter({ hasText: 'scorpiox-imap' });

  /** Events of the IMAP server, after a refresh that need not be waited for. */
  async function received(): Promise<number> {
    await page.keyboard.press('r');
    const text = await row().getByRole('cell').nth(-2).innerText();
    return Number(text.replace(/,/g, ''));
  }

  async function signIn(user: string, password: string): Promise<void> {
    await page.getByLabel('Account').fill(user);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: /sign in/i }).click();
  }

  async function signInAnew(user: string): Promise<void> {
    await browser.clearCookies();
    await page.goto(`${address()}/`);
    await page.waitForURL('**/sign-in*');
    await signIn(user, passwordOf(user));
    await page.waitForURL('**/apps*');
  }

  /** Every page, in two tabs at once: each waits for its data more than it computes. */
  async function checkAll(look: Look): Promise<void> {
    const tabs = await Promise.all([browser.newPage(), browser.newPage()]);
    const heard = tabs.map(watchComplaints);
    const waiting = [...PAGES];
    const work = async (tab: Page): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await checkPage(tab, address(), next, look);
      }
    };
    await Promise.all(tabs.map(work));
    expect(heard.flat()).toEqual([]);
    await Promise.all(tabs.map((tab) => tab.close()));
  }

  test('the one-time link signs in, once, and a mailbox that is read makes the count of events rise', async () => {
    const link = /http:\S+sign-in#token=\S+/.exec(platform.output())?.[0] ?? '';
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(link);
    await page.waitForURL('**/apps*');
    await row().waitFor();
    expect(page.url()).not.toContain('token');
    // What the mailbox's reader did before is sent in batches, and may still be on its way.
    await expect.poll(received, { timeout: 60_000 }).toBeGreaterThan(0);
    const before = await received();

    await readMail(20);
    await expect.poll(received, { timeout: 60_000 }).toBeGreaterThanOrEqual(before + 20);
    expect(complaints).toEqual([]);
    expect((await post('/api/session/link', { token: link.split('token=')[1] })).status).toBe(401);
  });

  test('an account signs in with its password, and a wrong one is told so', async () => {
    await browser.clearCookies();
    await page.goto(`${address()}/`);
    await page.waitForURL('**/sign-in*');
    await signIn('olga', 'wrong');
    await page.getByRole('alert').waitFor();
    await signIn('olga', passwordOf('olga'));
    await page.waitForURL('**/apps*');
    await row().waitFor();
  });

  test('the start page brings less than 150 KB of JavaScript, gzipped', async () => {
    await page.goto(`${address()}/apps`);
    await row().waitFor();
    const scripts = await page.evaluate<number[]>(
      "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).map(({ encodedBodySize }) => encodedBodySize)",
    );
    const size = scripts.reduce((sum, octets) => sum + octets, 0);
    expect(scripts.length).toBeGreaterThan(2);
    expect(size).toBeLessThan(150_000);
  });

  test('every page shows its data to a viewer on a wide light screen, as WCAG 2.2 asks', async () => {
    await checkAll({ theme: 'light', width: 1440 });
  }, 240_000);

  test('every page shows its data to an admin on a narrow dark screen, as WCAG 2.2 asks', async () => {
    await signInAnew('adam');
    await checkAll({ theme: 'dark', width: 360 });
  }, 240_000);

  test('an event is found, read in full, and leads to its operation, as WCAG 2.2 asks', async () => {
    complaints.length = 0;
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${address()}/explore?range=6h`);
    await page.getByRole('row', { name: /demo-/ }).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('app:demo-shop ki');
    await page.getByRole('option', { name: /^kind:/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('event');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=app%3Ademo-shop\+kind%3Aevent/);
    await page
      .getByRole('row', { name: /order placed/ })
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Event' });
    await panel.getByText('Measurements').waitFor();
    const event = page.url().slice(address().length);
    const trace = await panel.getByRole('link', { name: 'Trace' }).getAttribute('href');
    for (const look of [
      { theme: 'light', width: 1440 },
      { theme: 'dark', width: 360 },
    ] as const) {
      await checkPage(page, address(), { path: event, shows: 'Measurements' }, look);
      await checkPage(page, address(), { path: trace ?? '', shows: 'demo-checkout POST /orders' }, look);
    }
    expect(complaints).toEqual([]);
  }, 120_000);

  test('dragging over a chart zooms every page to it, and Back takes that back', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${address()}/apps/demo-shop?range=1h`);
    const box = await page.locator('.u-over').first().boundingBox();
    if (box === null) throw new Error('no chart was drawn');
    await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 40, { steps: 5 });
    // The other charts show the same moment under their own crosshair.
    expect(await page.locator('.u-cursor-x:visible').count()).toBe(3);
    await page.mouse.up();
    await page.waitForURL(/from=\d{4}-.*to=\d{4}-/);
    const { searchParams } = new URL(page.url());
    const span = Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '');
    expect(span).toBeGreaterThan(20 * 60_000);
    expect(span).toBeLessThan(40 * 60_000);
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.waitForURL(/\/map\?from=/);
    await page.goBack();
    await page.goBack();
    await page.waitForURL(/range=1h/);
  });

  test('with the API gone the figures stay and say from when they are, until it is back', async () => {
    await page.goto(`${address()}/apps?range=1h`);
    await row().waitFor();
    await browser.setOffline(true);
    await page.keyboard.press('r');
    await page.getByText(/cannot be reached.*These figures are from/).waitFor();
    await row().waitFor();
    await browser.setOffline(false);
    await page.keyboard.press('r');
    await page.getByText(/cannot be reached/).waitFor({ state: 'detached' });

    const api = descendantsOf(platform.process.pid).find(({ args }) => args.includes('insights-api'));
    if (api === undefined) throw new Error('no process of the API was found');
    const live = await browser.newPage();
    // Few enough events that what it says of its gap stays among the rows on the screen.
    await live.goto(`${address()}/live?q=app:scorpiox-imap`);
    await live.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await readMail(1);
    await live.getByText(LIVE_RECEIVED).waitFor();
    process.kill(api.pid, 'SIGKILL');
    const before = await received();
    await readMail(20);
    // The next process of the API takes what was sent meanwhile, and the page that stayed open shows it.
    await expect.poll(received, { timeout: 60_000 }).toBeGreaterThanOrEqual(before + 20);
    // The live tail goes on by itself, and says what it has not seen.
    await live.getByText('See them in Explore').waitFor({ timeout: 60_000 });
    await live.close();
  });
});
