import type { FileId } from '@codesync/protocol';
import { useCallback, useEffect, useRef } from 'react';
import type { EditorHandle } from '../../editor/Editor.tsx';

/** A line, and the column from 1, that are to be shown; `explain` as the editor's handle has it. */
export type Spot = {
  readonly line: number;
  readonly column?: number | undefined;
  readonly explain?: boolean;
};

type Wanted = { readonly file: FileId; readonly spot: Spot | null };

/** The editor as the page reaches it. A file or a line can be asked for before the file is shown. */
export function useEditorHandle(active: FileId | null): {
  readonly onReady: (handle: EditorHandle) => void;
  readonly focus: () => void;
  /** The line, from 1, that the cursor is in; 0 while nothing is shown. */
  readonly line: () => number;
  /** Puts the focus into a file, where its cursor is, once it is shown. */
  readonly enter: (file: FileId) => void;
  readonly reveal: (file: FileId, spot: Spot) => void;
} {
  const handle = useRef<EditorHandle | null>(null);
  const shown = useRef(active);
  const wanted = useRef<Wanted | null>(null);

  const go = useCallback(() => {
    if (handle.current === null || wanted.current === null || wanted.current.file !== shown.current) return;
    const { spot } = wanted.current;
    wanted.current = null;
    if (spot === null) handle.current.focus();
    else handle.current.reveal(spot.line, spot.column, spot.explain);
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
    line: useCallback(() => handle.current?.line() ?? 0, []),
    focus: useCallback(() => handle.current?.focus(), []),
    enter: useCallback((file) => want({ file, spot: null }), [want]),
    reveal: useCallback((file, spot) => want({ file, spot }), [want]),
  };
}
