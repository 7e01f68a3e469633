import clsx from 'clsx';
import type { ReactNode } from 'react';
import type { Fact } from './words.ts';

/** A heading and facts below it. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-4">
      <h3 className="mb-1 font-medium text-ink-3 text-xs">{title}</h3>
      <dl>{children}</dl>
    </section>
  );
}

/** One fact: what it is, and how it is. */
export function Row({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center gap-4 border-line border-t py-1 first:border-t-0">
      <dt className="min-w-0 flex-1">
        {name}
        {hint !== undefined && <div className="text-ink-3 text-xs">{hint}</div>}
      </dt>
      <dd className="text-right text-ink-2 tabular-nums">{children}</dd>
    </div>
  );
}

/** Words that are coloured where something is amiss. */
export function Value({ fact }: { fact: Fact }) {
  return <span className={clsx(fact.health === 'bad' && 'text-warning')}>{fact.words}</span>;
}
