// @vitest-environment node
import { describe, expect, it } from 'vitest';
import {
  accepted,
  type CompletionState,
  closed,
  completionAt,
  contextOf,
  edited,
  optionsOf,
  stateOf,
  stepped,
} from '../../src/features/events/completion.ts';

const typed = (text: string): CompletionState => edited(text, text.length);
const known = [
  { value: 'GET /cart', count: 40 },
  { value: 'GET /', count: 9 },
  { value: 'tick', count: 1 },
];
const inserts = (state: CompletionState, values = known): string[] =>
  optionsOf(completionAt(state), values).map(({ insert }) => insert);

/** Takes the option that is spelled so. */
function take(state: CompletionState, insert: string, values = known): CompletionState {
  const completion = completionAt(state);
  const option = optionsOf(completion, values).find((one) => one.insert === insert);
  if (option === undefined) throw new Error(`${insert} is not offered`);
  return accepted(state, completion, option);
}

describe('completion', () => {
  it('offers fields, and goes on with the values of the one that is taken', () => {
    expect(inserts(typed('ki'))).toEqual(['kind:']);
    const state = take(typed('app:shop ki'), 'kind:');
    expect([state.text, state.caret, state.open]).toEqual(['app:shop kind:', 14, true]);
    expect(inserts(state)).toContain('request');
    expect(take(state, 'request')).toMatchObject({ text: 'app:shop kind:request ', open: false });
  });

  it('offers values that the API knows, quoted where they need to be', () => {
    expect(inserts(typed('name:ge'))).toEqual(['="GET /cart"', '="GET /"']);
    expect(inserts(typed('user:'), [{ value: 'a b', count: 1 }])).toEqual(['"a b"']);
    expect(inserts(typed('properties.te'), [{ value: 'tenant', count: 1 }])).toEqual(['tenant:']);
    expect(inserts(typed('properties.'), [{ value: 'two words', count: 1 }])).toEqual(['"two words":']);
    const key = take(typed('properties.te'), 'tenant:', [{ value: 'tenant', count: 1 }]);
    expect([key.text, key.open]).toEqual(['properties.tenant:', true]);
  });

  it('completes in the middle of a query without touching what follows', () => {
    const state = edited('ki status:5xx', 2);
    expect(take(state, 'kind:')).toMatchObject({ text: 'kind: status:5xx', caret: 5 });
    expect(take(edited('kind:req status:5xx', 8), 'request')).toMatchObject({
      text: 'kind:request status:5xx',
      caret: 12,
    });
  });

  it('goes round the list by arrow keys, with what is typed as one of its places', () => {
    let state = stepped(stateOf('ki'), 1, 2);
    expect([state.open, state.active]).toEqual([true, 0]);
    state = stepped(stepped(state, 1, 2), 1, 2);
    expect(state.active).toBe(-1);
    expect(stepped(state, -1, 2).active).toBe(1);
    expect(closed(state)).toMatchObject({ open: false, active: -1 });
    expect(stepped(stateOf('zz'), 1, 0).active).toBe(-1);
  });

  it('looks for values in what the rest of the query asks for', () => {
    const context = (text: string): string => contextOf(typed(text), completionAt(typed(text)));
    expect(context('app:shop name:GE')).toBe('app:shop');
    expect(context('app:shop -name:GE')).toBe('app:shop');
    expect(context('name:GE')).toBe('');
    expect(context('(app:shop name:')).toBe('');
  });
});
