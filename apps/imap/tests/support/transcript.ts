/**
 * Runs a dialogue of several clients. A line each: `A: text` is what client A sends, `A> text` the next response it
 * gets; `…` in it stands for anything. `A>> text` passes over responses until that one. Lines by nobody are comments.
 */
import { expect } from 'vitest';
import type { Client } from './client.ts';

export async function transcript(clients: Readonly<Record<string, Client>>, script: string): Promise<void> {
  for (const line of script.split('\n').map((text) => text.trim())) {
    const step = /^(\w+)(:|>>|>) (.*)$/.exec(line);
    const client = clients[step?.[1] ?? ''];
    if (step === null || client === undefined) continue;
    const [, , what, text = ''] = step;
    if (what === ':') client.send(`${text.replaceAll('\\r\\n', '\r\n')}\r\n`);
    else await expectLine(client, text, line, what === '>>');
  }
}

async function expectLine(client: Client, text: string, step: string, skip: boolean): Promise<void> {
  const wanted = new RegExp(`^${text.split('…').map(literally).join('[^]*')}$`);
  let got = await client.line();
  while (skip && got !== undefined && !wanted.test(got)) got = await client.line();
  if (got === undefined || !wanted.test(got)) expect(got, step).toBe(text);
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
