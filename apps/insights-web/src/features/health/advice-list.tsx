import type { Advice } from '@scorpiox/shared/contract';
import { Banner } from '../../components/ui/banner.tsx';
import { CodeBlock } from '../../components/ui/code-block.tsx';

/** What is not as it should be, and what to do; the gravest first. */
export function AdviceList({ advice }: { readonly advice: readonly Advice[] }) {
  if (advice.length === 0) {
    return (
      <p role="status" className="mb-8 rounded-lg border border-line bg-surface px-4 py-3 font-medium text-healthy">
        Nothing needs your attention.
      </p>
    );
  }
  return (
    <div className="mb-8">
      {advice.map(({ severity, message, command }) => (
        <div key={message} className="mb-3">
          <Banner role="status" look={severity}>
            {message}
          </Banner>
          {command !== null && <CodeBlock label="Terminal" code={command} />}
        </div>
      ))}
    </div>
  );
}
