import type { FileId } from '@codesync/protocol';
import { useCallback, useEffect, useRef } from 'react';
import type { EditorHandle } from '../../editor/Editor.tsx';

type Wanted = { readonly file: FileId; readonly line: number | null };

/** The editor as the page reaches it. A file or a line can be asked for before the file is shown. */
export function useEditorHandle(active: FileId | null): {
  readonly onReady: (handle: EditorHandle) => void;
  readonly focus: () => void;
  /** Puts the focus into a file, where its cursor is, once it is shown. */
  readonly enter: (file: FileId) => void;
  readonly reveal: (file: FileId, line: number) => void;
} {
  const handle = useRef<EditorHandle | null>(null);
  const shown = useRef(active);
  const wanted = useRef<Wanted | null>(null);

  const go = useCallback(() => {
    if (handle.current === null || wanted.current === null || wanted.current.file !== shown.current) return;
    const { line } = wanted.current;
    wanted.current = null;
    if (line === null) handle.current.focus();
    else handle.current.reveal(line);
  }, []);
  const want = useCallback(
    (next: Wanted) => {
      wanted.current = next;
      go();
    },
    [go],
  );

  // The editor is a child: by now it shows the file that has become active.
  useEffect(() => {
    shown.current = active;
    if (active === null) handle.current = null;
    go();
  }, [active, go]);

  return {
    onReady: useCallback(
      (ready) => {
        handle.current = ready;
        go();
      },
      [go],
    ),
    focus: useCallback(() => handle.current?.focus(), []),
    enter: useCallback((file) => want({ file, line: null }), [want]),
    reveal: useCallback((file, line) => want({ file, line }), [want]),
  };
}
