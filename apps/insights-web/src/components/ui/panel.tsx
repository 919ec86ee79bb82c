import type { ReactNode } from 'react';

interface PanelProps {
  readonly title: string;
  /** Beside the title. */
  readonly actions?: ReactNode;
  /** What it is about, in a sentence. */
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page with its heading. */
export const Panel = ({ title, actions, note, children }: PanelProps) => (
  <section className="mb-8">
    <div className="mb-2 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
      <h2 className="font-semibold">{title}</h2>
      <span className="flex-1" />
      {actions}
    </div>
    {note !== undefined && <p className="mb-3 max-w-3xl text-[0.8125rem] text-pretty text-soft">{note}</p>}
    {children}
  </section>
);
