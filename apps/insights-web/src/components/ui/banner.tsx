import type { ReactNode } from 'react';
import { WarningIcon } from './icons.tsx';

const LOOKS = {
  /** Something is wrong. */
  fail: { box: 'border-fail/40 bg-fail-tint', icon: 'text-fail' },
  /** Something is less than whole. */
  note: { box: 'border-silent/40 bg-silent-tint', icon: 'text-silent' },
};

interface BannerProps {
  /** `alert` interrupts a screen reader, `status` waits for its turn. */
  readonly role: 'alert' | 'status';
  readonly look?: keyof typeof LOOKS;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** Something is wrong, what it is, and what to do. */
export function Banner({ role, look = 'fail', action, children }: BannerProps) {
  const { box, icon } = LOOKS[look];
  return (
    <div
      role={role}
      className={`mb-3 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border px-3 py-2 text-[0.8125rem] text-ink ${box}`}
    >
      <WarningIcon className={`size-4 ${icon}`} />
      <p className="min-w-0 flex-1 basis-60 text-pretty">{children}</p>
      {action}
    </div>
  );
}
