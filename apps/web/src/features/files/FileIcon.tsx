import { type Language, languageOf } from '@codesync/protocol';
import { FileText } from 'lucide-react';

const MARKS: Readonly<Record<Language, string>> = { python: 'py', javascript: 'js', go: 'go', rust: 'rs' };

/** The kind of a file in two letters, or a plain sheet. Decorative, since the name says it too. */
export function FileIcon({ path }: { path: string }) {
  const language = languageOf(path);
  if (language === null) {
    return <FileText aria-hidden="true" size={14} strokeWidth={1.5} className="mx-px shrink-0 text-ink-3" />;
  }
  return (
    <span
      aria-hidden="true"
      data-mark={MARKS[language]}
      className="before:content-[attr(data-mark)] inline-flex w-4 shrink-0 select-none justify-center font-mono font-semibold text-[10px] text-ink-3 leading-4"
    />
  );
}
