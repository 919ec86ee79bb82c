import { useEffect, useState } from 'react';
import { COPIED_MS } from '../../lib/limits.ts';

function CopyButton({ code, label }: { readonly code: string; readonly label: string }) {
  const [said, setSaid] = useState<'Copied' | 'Select and copy it' | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), COPIED_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = (): void => {
    navigator.clipboard.writeText(code).then(
      () => setSaid('Copied'),
      () => setSaid('Select and copy it'),
    );
  };
  return (
    <button type="button" onClick={copy} aria-label={`Copy: ${label}`} className="text-xs font-medium text-accent">
      <span aria-live="polite">{said ?? 'Copy'}</span>
    </button>
  );
}

/** Something to paste into a terminal or a configuration, with its name above it. */
export function CodeBlock({ code, label }: { readonly code: string; readonly label: string }) {
  // Browsers have a clipboard on https and on loopback only.
  const canCopy = typeof navigator.clipboard?.writeText === 'function';
  return (
    <figure className="rounded-md border border-line bg-canvas">
      <figcaption className="flex items-baseline justify-between gap-4 border-b border-line px-3 py-1.5 text-xs text-muted">
        <span>{label}</span>
        {canCopy && <CopyButton code={code} label={label} />}
      </figcaption>
      <pre className="px-3 py-2 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">
        <code>{code}</code>
      </pre>
    </figure>
  );
}
