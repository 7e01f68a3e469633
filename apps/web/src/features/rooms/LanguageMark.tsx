import type { Language } from '@codesync/protocol';
import clsx from 'clsx';

const MARKS: Readonly<Record<Language, string>> = { python: 'py', javascript: 'js', go: 'go', rust: 'rs' };

/** Two letters in code type that stand for a language. Decorative: its name stands beside it. */
export function LanguageMark({ language, className }: { language: Language; className?: string }) {
  return (
    <span
      aria-hidden="true"
      data-mark={MARKS[language]}
      className={clsx(
        'before:content-[attr(data-mark)] inline-flex size-7 shrink-0 select-none items-center justify-center rounded-md border border-line bg-surface-1 font-medium font-mono text-2xs text-ink-2',
        className,
      )}
    />
  );
}
