import { expect, test } from 'vitest';
import { ANSWER_MS, ANSWERS, QUESTIONS } from '../src/limits.ts';
import { Questions, TooManyQuestions } from '../src/query/questions.ts';

/** Questions whose answers come when the test says so. */
function heldQuestions() {
  let now = 1_000_000;
  const asked: { readonly question: string; readonly done: PromiseWithResolvers<string> }[] = [];
  const ask = (question: string) => {
    const done = Promise.withResolvers<string>();
    asked.push({ question, done });
    return done.promise;
  };
  const questions = new Questions(
    ask,
    (question: string) => question,
    () => now,
  );
  return { questions, asked, pass: (milliseconds: number) => (now += milliseconds) };
}

test('the same question is under way once, and its answer is given again for a moment only', async () => {
  const { questions, asked, pass } = heldQuestions();
  const both = [questions.ask('a'), questions.ask('a')];
  expect(asked).toHaveLength(1);
  asked[0]?.done.resolve('first');
  expect(await Promise.all(both)).toEqual(['first', 'first']);
  pass(ANSWER_MS - 1);
  expect(await questions.ask('a')).toBe('first');
  pass(1);
  const later = questions.ask('a');
  asked[1]?.done.resolve('second');
  expect(await later).toBe('second');
});

test('a clock that is set back keeps no answer', async () => {
  const { questions, asked, pass } = heldQuestions();
  const first = questions.ask('a');
  asked[0]?.done.resolve('first');
  await first;
  pass(-60_000);
  void questions.ask('a');
  expect(asked).toHaveLength(2);
});

test('a failure is no answer: everybody who waits gets it, and the next asks anew', async () => {
  const { questions, asked } = heldQuestions();
  const both = [questions.ask('a'), questions.ask('a')];
  asked[0]?.done.reject(new Error('gone'));
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  void questions.ask('a');
  expect(asked).toHaveLength(2);
});

test('beyond some questions at once others are turned away, but not who asks what is under way', async () => {
  const { questions, asked } = heldQuestions();
  const waiting = Array.from({ length: QUESTIONS }, (_, index) => questions.ask(String(index)));
  await expect(questions.ask('one more')).rejects.toBeInstanceOf(TooManyQuestions);
  const shared = questions.ask('0');
  for (const { done, question } of asked) done.resolve(question);
  await Promise.all(waiting);
  expect(await shared).toBe('0');
  void questions.ask('one more');
  expect(asked).toHaveLength(QUESTIONS + 1);
});

test('only so many answers are kept, the newest', async () => {
  const { questions, asked } = heldQuestions();
  for (let index = 0; index <= ANSWERS; index += 1) {
    const answer = questions.ask(String(index));
    asked.at(-1)?.done.resolve('');
    await answer;
  }
  const count = asked.length;
  await questions.ask(String(ANSWERS));
  expect(asked).toHaveLength(count);
  void questions.ask('0');
  expect(asked).toHaveLength(count + 1);
});
