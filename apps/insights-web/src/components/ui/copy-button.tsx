import { useEffect, useState } from 'react';
import { COPIED_MS } from '../../lib/limits.ts';
import { Button } from './button.tsx';

interface CopyButtonProps {
  /** What is copied, made when it is asked for. */
  readonly text: () => string;
  readonly children: string;
  readonly title?: string;
}

/** Copies something and says so. Browsers have a clipboard on https and on loopback only: elsewhere there is no button. */
export function CopyButton({ text, children, title }: CopyButtonProps) {
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), COPIED_MS);
    return () => clearTimeout(timer);
  }, [said]);
  if (typeof navigator.clipboard?.writeText !== 'function') return null;
  const copy = (): void => {
    navigator.clipboard.writeText(text()).then(
      () => setSaid('Copied'),
      () => setSaid('Not copied'),
    );
  };
  return (
    <Button onClick={copy} title={title}>
      <span aria-live="polite">{said ?? children}</span>
    </Button>
  );
}
