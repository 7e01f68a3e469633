import { type ReactNode, useEffect } from 'react';
import { Mark } from './Wordmark.tsx';

type MessagePageProps = {
  title: string;
  children: ReactNode;
  /** What can be done next. */
  actions?: ReactNode;
};

/** A page of one message: what happened, what is safe, what to do. */
export function MessagePage({ title, children, actions }: MessagePageProps) {
  useEffect(() => {
    document.title = `${title} · CodeSync`;
  }, [title]);
  return (
    <main className="flex min-h-full items-center justify-center bg-surface-1 p-5">
      <div className="w-full max-w-[440px] rounded-lg border border-line bg-surface-0 p-6">
        <Mark size={24} />
        <h1 className="mt-4 font-semibold text-lg tracking-tight">{title}</h1>
        <div className="mt-1.5 text-base text-ink-2">{children}</div>
        {actions !== undefined && <div className="mt-5 flex flex-wrap items-center gap-3">{actions}</div>}
      </div>
    </main>
  );
}
