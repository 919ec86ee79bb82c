// What holds for every page of the dashboard, whoever looks at it and on whatever screen.
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { DashboardPage } from './pages.ts';

export interface Look {
  readonly theme: 'light' | 'dark';
  /** Pixels. */
  readonly width: number;
}

const HEIGHT = 900;
const PATIENCE = 30_000;

/** What axe holds against the page, a line for each place. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(`${axe.source}; undefined`);
  const result = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
  return result.violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
}

/** Complaints of the browser itself, from now on: errors on the console and exceptions that nobody caught. */
export function watchComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

/** Opens a page and checks that it shows its data, keeps to the screen's width, and that axe finds nothing. */
export async function checkPage(page: Page, base: string, { path, shows }: DashboardPage, look: Look): Promise<void> {
  await page.setViewportSize({ width: look.width, height: HEIGHT });
  await page.emulateMedia({ colorScheme: look.theme });
  await page.goto(base + path);
  await page.getByText(shows).first().waitFor({ state: 'attached', timeout: PATIENCE });
  await page.locator('[aria-busy=true]').waitFor({ state: 'detached', timeout: PATIENCE });
  const beyond = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(beyond, `${path} at ${look.width} px: pixels beyond the screen`).toBeLessThanOrEqual(0);
  expect(await violations(page), `${path}, ${look.theme}, ${look.width} px`).toEqual([]);
}
