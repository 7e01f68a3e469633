import clsx from 'clsx';
import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';

export type Tone = 'info' | 'success' | 'warning' | 'danger';

const TONES = {
  info: { icon: Info, style: 'bg-accent-soft text-ink-1', mark: 'text-accent' },
  success: { icon: CircleCheck, style: 'bg-success-soft text-ink-1', mark: 'text-success' },
  warning: { icon: TriangleAlert, style: 'bg-warning-soft text-ink-1', mark: 'text-warning' },
  danger: { icon: CircleAlert, style: 'bg-danger-soft text-ink-1', mark: 'text-danger' },
} as const;

type NoticeProps = {
  tone: Tone;
  children: ReactNode;
  /** Buttons for what can be done about it. */
  actions?: ReactNode;
  onDismiss?: () => void;
  /** Said aloud, once, instead of the words. For words that count with the clock. */
  spoken?: string;
  className?: string;
};

/** Says something that matters. It stays for as long as that matters, or until it is dismissed. */
export function Notice({ tone, children, actions, onDismiss, spoken, className }: NoticeProps) {
  const { icon: Icon, style, mark } = TONES[tone];
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      aria-live={spoken === undefined ? undefined : 'off'}
      className={clsx('flex min-h-9 items-center gap-2.5 px-3 py-1 text-sm', style, className)}
    >
      <Icon aria-hidden="true" size={16} strokeWidth={1.5} className={clsx('shrink-0', mark)} />
      <div className="min-w-0 flex-1">{children}</div>
      {spoken !== undefined && <Spoken words={spoken} />}
      {actions}
      {onDismiss !== undefined && (
        <button
          type="button"
          aria-label="Dismiss"
          onClick={onDismiss}
          className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-2 hover:text-ink-1 phone:size-11"
        >
          <X size={16} strokeWidth={1.5} />
        </button>
      )}
    </div>
  );
}

/** Said aloud beside what is seen. A region that is there before its words are is heard by all screen readers. */
export function Spoken({ words }: { words: string }) {
  const [said, setSaid] = useState('');
  useEffect(() => setSaid(words), [words]);
  return (
    <span aria-live="polite" className="sr-only">
      {said}
    </span>
  );
}
