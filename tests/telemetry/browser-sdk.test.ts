// The real Application Insights SDK for browsers in a page of another address than the API, in a real browser.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import type { Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addApp } from '../support/api.ts';
import { startBrowser } from '../support/browser.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { ROOT } from '../support/process.ts';
import { describeWith } from '../support/programs.ts';

const SDK = readFileSync(`${ROOT}node_modules/@microsoft/applicationinsights-web/browser/es5/ai.3.4.4.min.js`);

/** A shop's page. Its telemetry waits for a minute, unless it is flushed or the page goes away. */
const page = (connectionString: string) => `<!doctype html><title>Shop</title><script src="/sdk.js"></script><script>
  window.insights = new Microsoft.ApplicationInsights.ApplicationInsights({ config: {
    connectionString: ${JSON.stringify(connectionString)},
    maxBatchInterval: 60000,
    extensionConfig: { AppInsightsCfgSyncPlugin: { cfgUrl: '' } },
  } });
  insights.loadAppInsights();
  insights.trackPageView({ name: 'Shop' });
</script>`;

describeWith(['chromium'], 'the browser SDK in Chromium', () => {
  let platform: Platform;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let shop: Server;
  let address: string;

  beforeAll(async () => {
    platform = await startPlatform();
    const { connectionString } = await addApp(platform, 'shop');
    shop = createServer((request, response) => {
      if (request.url === '/sdk.js') response.setHeader('content-type', 'text/javascript').end(SDK);
      else if (request.url === '/prices') response.setHeader('content-type', 'application/json').end('{}');
      else response.setHeader('content-type', 'text/html').end(page(connectionString));
    }).listen(0, '127.0.0.1');
    await once(shop, 'listening');
    address = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`; // it listens on a host and a port
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    shop?.close();
    await platform?.stop();
  });

  function stored(kind: string): readonly Record<string, unknown>[] {
    const db = new DatabaseSync(`${platform.dataDir}/insights.db`, { readOnly: true });
    const rows = db
      .prepare("SELECT e.* FROM events e JOIN apps a ON a.id = e.app_id WHERE a.name = 'shop' AND e.kind = ?")
      .all(kind);
    db.close();
    return rows;
  }

  async function until(kind: string, holds: (rows: readonly Record<string, unknown>[]) => boolean) {
    const deadline = Date.now() + 30_000;
    for (let rows = stored(kind); ; rows = stored(kind)) {
      if (holds(rows) || Date.now() > deadline) return rows;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  test('page views, calls, exceptions, and what is sent while the page goes away', async () => {
    const tab = await browser.newPage();
    const asked: Request[] = [];
    tab.on('request', (request) => asked.push(request));
    await tab.goto(address);
    await tab.evaluate(async () => {
      await (await fetch('/prices')).json();
    });
    await tab.evaluate(() =>
      setTimeout(() => {
        throw new TypeError('the cart is gone');
      }),
    );
    await tab.waitForEvent('pageerror').catch(() => undefined);
    await tab.evaluate(() => (globalThis as unknown as { insights: { flush(): void } }).insights.flush());
    expect(await until('pageView', (rows) => rows.length > 0)).toMatchObject([{ name: 'Shop' }]);
    const [call] = await until('dependency', (rows) => rows.length > 0);
    expect(call).toMatchObject({ name: 'GET /prices', success: 1, code: '200' });
    const [thrown] = await until('exception', (rows) => rows.length > 0);
    expect(String(thrown?.message)).toContain('the cart is gone');

    await tab.evaluate(() =>
      (globalThis as unknown as { insights: { trackEvent(event: object): void } }).insights.trackEvent({
        name: 'leaving',
      }),
    );
    await tab.goto('about:blank');
    expect(
      (await until('event', (rows) => rows.some(({ name }) => name === 'leaving'))).map(({ name }) => name),
    ).toContain('leaving');
    expect(asked.every((one) => /^(?:http:..127\.0\.0\.1:|about:)/.test(one.url()))).toBe(true);
    expect(stored('dependency').every(({ name }) => !String(name).includes('/v2/track'))).toBe(true);
  });
});
