import { expect, onTestFinished, test, vi } from 'vitest';
import { ANSWER_MS, ANSWERS, QUESTION_PATIENCE_MS, QUESTIONS, QUESTIONS_WAITING } from '../src/limits.ts';
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

test('beyond some questions at once others wait their turn, but not who asks what is under way', async () => {
  const { questions, asked } = heldQuestions();
  const first = Array.from({ length: QUESTIONS }, (_, index) => questions.ask(String(index)));
  const shared = questions.ask('0');
  const later = ['a', 'b', 'a', 'b'].map((question) => questions.ask(question));
  expect(asked).toHaveLength(QUESTIONS);
  asked[0]?.done.resolve('first');
  expect(await Promise.all([first[0], shared])).toEqual(['first', 'first']);
  expect(asked.slice(QUESTIONS).map(({ question }) => question)).toEqual(['a']);
  asked[1]?.done.reject(new Error('gone'));
  await expect(first[1]).rejects.toThrow('gone');
  expect(asked.slice(QUESTIONS).map(({ question }) => question)).toEqual(['a', 'b']);
  for (const { done, question } of asked) done.resolve(question);
  expect(await Promise.all(later)).toEqual(['a', 'b', 'a', 'b']);
  expect(asked).toHaveLength(QUESTIONS + 2);
});

test('who has waited too long is turned away and not asked for any more', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { questions, asked } = heldQuestions();
  const first = Array.from({ length: QUESTIONS }, (_, index) => questions.ask(String(index)));
  const late = expect(questions.ask('late')).rejects.toBeInstanceOf(TooManyQuestions);
  vi.advanceTimersByTime(QUESTION_PATIENCE_MS);
  await late;
  for (const { done, question } of asked) done.resolve(question);
  await Promise.all(first);
  expect(asked).toHaveLength(QUESTIONS);
});

test('only so many wait', async () => {
  const { questions, asked } = heldQuestions();
  const all = Array.from({ length: QUESTIONS + QUESTIONS_WAITING }, (_, index) => questions.ask(String(index)));
  await expect(questions.ask('one more')).rejects.toBeInstanceOf(TooManyQuestions);
  for (let index = 0; index < all.length; index += 1) {
    asked[index]?.done.resolve('answer');
    await all[index];
  }
  expect(asked.map(({ question }) => question)).toEqual(all.map((_, index) => String(index)));
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
