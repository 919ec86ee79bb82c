// The whole way: mail is read over IMAP, and the operator sees it in a real browser.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { describeWith } from '../support/programs.ts';
import { signedIn } from '../support/raw-imap.ts';

describeWith(['chromium'], 'the dashboard in Chromium', () => {
  let platform: Platform;
  let browser: Awaited<ReturnType<typeof startBrowser>>;

  beforeAll(async () => {
    platform = await startPlatform();
    await platform.addUser('alice');
    await platform.addUser('olga', '--role', 'viewer');
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  });

  const address = () => `http://127.0.0.1:${platform.ports.api}`;
  const row = (page: Awaited<ReturnType<typeof browser.newPage>>) =>
    page.getByRole('row').filter({ hasText: 'scorpiox-imap' });

  async function readMail(commands: number): Promise<void> {
    const { ports, ca } = platform;
    const imap = await signedIn(ports.imaps, ca, 'alice', passwordOf('alice'));
    for (let count = 0; count < commands; count += 1) await imap.command('NOOP');
    await imap.command('LOGOUT');
    imap.close();
  }

  async function requests(page: Awaited<ReturnType<typeof browser.newPage>>): Promise<number> {
    const text = await row(page).getByRole('cell').nth(1).innerText();
    return Number(/[\d,.]+/.exec(text)?.[0].replace(/,/g, ''));
  }

  test('the one-time link signs in, once, and a mailbox that is read makes the request count rise', async () => {
    const link = /http:\S+sign-in#token=\S+/.exec(platform.output())?.[0] ?? '';
    await readMail(5);
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(link);
    await page.waitForURL('**/apps*');
    await row(page).waitFor();
    expect(page.url()).not.toContain('token');
    const before = await requests(page);
    expect(before).toBeGreaterThan(0);

    await readMail(20);
    await expect.poll(() => requests(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(before + 20);
    expect(complaints).toEqual([]);
    await page.close();

    const again = await fetch(`${address()}/api/session/link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: link.split('token=')[1] }),
    });
    expect(again.status).toBe(401);
  });

  test('an account signs in with its password, and a wrong one is told so', async () => {
    await browser.clearCookies();
    const page = await browser.newPage();
    await page.goto(`${address()}/`);
    await page.waitForURL('**/sign-in*');
    await page.getByLabel(/user|account/i).fill('olga');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: /sign in/i }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(passwordOf('olga'));
    await page.getByRole('button', { name: /sign in/i }).click();
    await page.waitForURL('**/apps*');
    await row(page).waitFor();
    await page.close();
  });

  test('an account without a role may read its mail but not the telemetry', async () => {
    const answer = await fetch(`${address()}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'alice', password: passwordOf('alice') }),
    });
    expect(answer.status).toBe(403);
  });
});
