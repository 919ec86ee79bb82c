import { expect, test } from 'vitest';
import { statementTeller } from '../../src/commands/db/tell.ts';

function told(...statements: Parameters<ReturnType<ReturnType<typeof statementTeller>>>[0][]): string[] {
  const lines: string[] = [];
  const tell = statementTeller((line) => lines.push(line))('sqlite:/x.db');
  for (const statement of statements) tell(statement);
  return lines;
}

test('a statement is shown whole once, and by its number when it comes again', () => {
  const text = '\nDELETE FROM t\nWHERE id BETWEEN @from AND @to\n';
  const lines = told(
    { text, parameters: { from: 1, to: 4_000 } },
    { text: 'SELECT 1' },
    { text, parameters: { from: 4_001, to: 8_000 } },
  );
  expect(lines).toEqual([
    '-- [1] sqlite:/x.db\n-- @from = 1, @to = 4000\nDELETE FROM t\nWHERE id BETWEEN @from AND @to',
    '-- [2] sqlite:/x.db\nSELECT 1',
    '-- [1 again] sqlite:/x.db: @from = 4001, @to = 8000',
  ]);
});

test('documents are counted, and nothing drives a terminal', () => {
  const parameters = {
    rows: 'x'.repeat(100),
    name: "o'\u001b[2J",
    body: new Uint8Array(100),
    key: new Uint8Array([1, 255]),
    none: null,
  };
  const [line] = told({ text: 'SELECT @rows', parameters });
  expect(line).toContain(
    "@rows = (100 characters), @name = 'o''\\u001b[2J', @body = (100 bytes), @key = 0x01ff, @none = NULL",
  );
});
