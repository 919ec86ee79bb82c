import type { ReactNode } from 'react';
import { WarningIcon } from './icons.tsx';

interface BannerProps {
  /** `alert` interrupts a screen reader, `status` waits for its turn. */
  readonly role: 'alert' | 'status';
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** Something is wrong, what it is, and what to do. */
export function Banner({ role, action, children }: BannerProps) {
  return (
    <div
      role={role}
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-fail/40 bg-fail-tint px-3 py-2 text-[0.8125rem] text-ink"
    >
      <WarningIcon className="size-4 text-fail" />
      <p className="min-w-0 flex-1 basis-60 text-pretty">{children}</p>
      {action}
    </div>
  );
}
