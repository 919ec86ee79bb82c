/**
 * Runs a dialogue of several clients. A line each: `A: text` is what client A sends, `A> text` the next response it
 * gets; `…` in it stands for anything. `A>> text` passes over responses until that one. Lines by nobody are comments.
 * `«name»` is a number: where it first stands in a response it takes the value that came, and has it from then on.
 */
import { expect } from 'vitest';
import type { Client } from './client.ts';

export type Numbers = Record<string, number>;

/** @param numbers what names stand for already; those that are met are added. */
export async function transcript(
  clients: Readonly<Record<string, Client>>,
  script: string,
  numbers: Numbers = {},
): Promise<void> {
  for (const line of script.split('\n').map((text) => text.trim())) {
    const step = /^(\w+)(:|>>|>) (.*)$/.exec(line);
    const client = clients[step?.[1] ?? ''];
    if (step === null || client === undefined) continue;
    const [, , what, text = ''] = step;
    if (what === ':') client.send(`${filledIn(text.replaceAll('\\r\\n', '\r\n'), numbers)}\r\n`);
    else await expectLine(client, text, line, what === '>>', numbers);
  }
}

/** The same where the test wants to know what the names stand for. */
export async function numbersOf(
  clients: Readonly<Record<string, Client>>,
  script: string,
  numbers: Numbers = {},
): Promise<Numbers> {
  await transcript(clients, script, numbers);
  return numbers;
}

async function expectLine(client: Client, text: string, step: string, skip: boolean, numbers: Numbers): Promise<void> {
  const wanted = patternOf(filledIn(text, numbers));
  let got = await client.line();
  while (skip && got !== undefined && !wanted.test(got)) got = await client.line();
  const match = wanted.exec(got ?? '');
  if (got === undefined || match === null) return expect(got, step).toBe(filledIn(text, numbers));
  for (const [name, value] of Object.entries(match.groups ?? {})) numbers[name] = Number(value);
}

/** The names whose numbers are known are replaced by them. */
function filledIn(text: string, numbers: Numbers): string {
  return text.replace(/«(\w+)»/g, (name, key: string) => `${numbers[key] ?? name}`);
}

function patternOf(text: string): RegExp {
  const parts = text.split(/(…|«\w+»)/).map((part) => {
    if (part === '…') return '[^]*';
    return part.startsWith('«') ? `(?<${part.slice(1, -1)}>\\d+)` : literally(part);
  });
  return new RegExp(`^${parts.join('')}$`);
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
