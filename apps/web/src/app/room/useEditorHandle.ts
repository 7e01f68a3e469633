import type { FileId } from '@codesync/protocol';
import { useCallback, useEffect, useRef } from 'react';
import type { EditorHandle } from '../../editor/Editor.tsx';

/** The editor as the page reaches it. A line can be asked for before its file is shown. */
export function useEditorHandle(active: FileId | null): {
  readonly onReady: (handle: EditorHandle) => void;
  readonly focus: () => void;
  readonly reveal: (file: FileId, line: number) => void;
} {
  const handle = useRef<EditorHandle | null>(null);
  const shown = useRef(active);
  const wanted = useRef<{ file: FileId; line: number } | null>(null);

  const go = useCallback(() => {
    if (handle.current === null || wanted.current === null || wanted.current.file !== shown.current) return;
    handle.current.reveal(wanted.current.line);
    wanted.current = null;
  }, []);

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
    reveal: useCallback(
      (file, line) => {
        wanted.current = { file, line };
        go();
      },
      [go],
    ),
  };
}
