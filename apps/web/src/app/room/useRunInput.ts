import type { ParticipantId, Run, RunId } from '@codesync/protocol';
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useWaiting } from '../../features/runs/useWaiting.ts';
import { readsInput } from '../../features/runs/waiting.ts';
import type { RoomSource } from '../../room-source/types.ts';

type Asking = {
  /** The newest of this person's runs, while it most likely waits for input. */
  readonly waiting: RunId | null;
  /** The run whose input line is to have the focus: its program waits, and who started it has not gone on to code. */
  readonly wanted: RunId | null;
  /** This person starts a run now. */
  readonly started: () => void;
};

/** Brings the input line to whoever started a program that waits for input. `bring` brings it into view. */
export function useRunInput(
  source: RoomSource,
  you: ParticipantId | null,
  going: readonly Run[],
  bring: (run: RunId) => void,
): Asking {
  const run = useMemo(() => going.findLast(({ by }) => by === you) ?? null, [going, you]);
  const reads = useMemo(() => run !== null && programReads(source, run), [source, run]);
  const waiting = useWaiting(run, reads) && run !== null ? run.id : null;
  const [wanted, setWanted] = useState<RunId | null>(null);
  const coding = useRef(false);

  useEffect(() => {
    const goesOn = (event: Event) => {
      if (event instanceof KeyboardEvent && (event.ctrlKey || event.metaKey)) return;
      if (event.target instanceof Element && event.target.closest('.monaco-editor') !== null) {
        coding.current = true;
      }
    };
    addEventListener('keydown', goesOn, { capture: true });
    addEventListener('pointerdown', goesOn, { capture: true });
    return () => {
      removeEventListener('keydown', goesOn, { capture: true });
      removeEventListener('pointerdown', goesOn, { capture: true });
    };
  }, []);

  const ask = useEffectEvent((id: RunId) => {
    if (coding.current) return;
    bring(id);
    setWanted(id);
  });
  useEffect(() => {
    if (waiting === null) setWanted(null);
    else ask(waiting);
  }, [waiting]);

  return {
    waiting,
    wanted,
    started: useCallback(() => {
      coding.current = false;
    }, []),
  };
}

/** Whether the program may read its input, by the text of its entry file as it is now. */
function programReads(source: RoomSource, { language, entry }: Run): boolean {
  const text = source.document(entry)?.text();
  return text !== undefined && readsInput(language, text);
}
