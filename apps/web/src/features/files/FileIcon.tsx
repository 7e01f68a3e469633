import { type Language, languageOf } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import { FileDigit, FileImage, FileText } from 'lucide-react';
import { isCalledPicture } from '../../blobs/picture.ts';

const MARKS: Readonly<Record<Language, string>> = { python: 'py', javascript: 'js', go: 'go', rust: 'rs' };

/** The kind of a file in two letters, or a sheet: plain, with a picture, or with digits. Decorative, since the name says it too. */
export function FileIcon({ file }: { file: Pick<FileEntry, 'path' | 'language' | 'blob'> }) {
  const language = file.blob === null ? languageOf(file) : null;
  if (language === null) {
    const Icon = file.blob === null ? FileText : isCalledPicture(file.path) ? FileImage : FileDigit;
    return <Icon aria-hidden="true" size={14} strokeWidth={1.5} className="mx-px shrink-0 text-ink-3" />;
  }
  return (
    <span
      aria-hidden="true"
      data-mark={MARKS[language]}
      className="before:content-[attr(data-mark)] inline-flex w-4 shrink-0 select-none justify-center font-mono font-semibold text-[10px] text-ink-3 leading-4"
    />
  );
}
