/** What is wrong with a query, and where in it, from 1. */
export interface Mistake {
  readonly column: number;
  readonly message: string;
}

interface QueryProblemProps {
  readonly id: string;
  readonly text: string;
  readonly problem: Mistake;
}

/** Letters around the fault that are shown. */
const AROUND = 24;

/** What is wrong with a query, and where: the text around the place, which is underlined. */
export function QueryProblem({ id, text, problem }: QueryProblemProps) {
  const at = problem.column - 1;
  const word = /^\S*/.exec(text.slice(at))?.[0] ?? '';
  const fault = word === '' ? ' ' : word.slice(0, AROUND);
  const before = text.slice(Math.max(0, at - AROUND), at);
  return (
    <p id={id} role="alert" className="mt-1.5 text-[0.8125rem] text-fail">
      <code className="mr-2 rounded bg-fail-tint px-1.5 py-0.5 font-mono text-xs whitespace-pre">
        {at > AROUND && '…'}
        {before}
        <span className="underline decoration-wavy decoration-from-font underline-offset-3">{fault}</span>
      </code>
      Column {problem.column}: {problem.message}
    </p>
  );
}
