import { pathProblem } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import { useEffect, useRef, useState } from 'react';
import { FileIcon } from './FileIcon.tsx';
import { FolderIcon } from './FolderIcon.tsx';
import type { TreeEntry } from './tree.ts';

type FileNameFieldProps = {
  kind: TreeEntry['kind'];
  /** What is known of it: the language that somebody has chosen, and whether it is no text. */
  known: Pick<FileEntry, 'language' | 'blob'>;
  label: string;
  initial: string;
  /** Resolves to what was wrong, or null when it is done. */
  onSubmit: (path: string) => Promise<string | null>;
  onCancel: () => void;
  depth: number;
};

/** The path of a file or folder, typed in its place in the list. Enter takes it, Escape leaves it. */
export function FileNameField({
  kind,
  known,
  label,
  initial,
  onSubmit,
  onCancel,
  depth,
}: FileNameFieldProps) {
  const [path, setPath] = useState(initial);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const field = input.current;
    if (field === null) return;
    field.focus();
    const start = initial.lastIndexOf('/') + 1;
    const dot = kind === 'folder' ? -1 : initial.lastIndexOf('.');
    field.setSelectionRange(start, dot > start ? dot : initial.length);
  }, [initial, kind]);

  const submit = async () => {
    const typed = path.trim().normalize('NFC');
    const name = kind === 'folder' ? typed.replace(/\/$/, '') : typed;
    if (name === initial && name !== '') return onCancel();
    const problem = pathProblem(name);
    setError(problem);
    if (problem !== null) return;
    setBusy(true);
    const refused = await onSubmit(name);
    setBusy(false);
    setError(refused);
    if (refused !== null) input.current?.focus();
  };

  return (
    <div className="px-1 py-px">
      <div
        className="flex h-7 items-center gap-1.5 rounded-md bg-surface-0 pr-1 ring-1 ring-accent dark:bg-surface-2 phone:h-11"
        style={{ paddingLeft: 8 + depth * 12 }}
      >
        {kind === 'folder' ? <FolderIcon open={false} /> : <FileIcon file={{ ...known, path }} />}
        <input
          ref={input}
          aria-label={label}
          aria-invalid={error !== null || undefined}
          aria-errormessage={error === null ? undefined : 'file-name-error'}
          value={path}
          readOnly={busy}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          placeholder="name or folder/name"
          onChange={(event) => {
            setPath(event.target.value);
            setError(null);
          }}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === 'Enter') void submit();
            if (event.key === 'Escape') {
              event.preventDefault();
              onCancel();
            }
          }}
          onBlur={() => {
            if (!busy && error === null && (path.trim() === '' || path === initial)) onCancel();
          }}
          className="min-w-0 flex-1 bg-transparent text-sm outline-none"
        />
      </div>
      {error !== null && (
        <p id="file-name-error" role="alert" className="px-2 py-1 text-danger text-xs">
          {error}
        </p>
      )}
    </div>
  );
}
