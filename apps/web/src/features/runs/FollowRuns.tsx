import type { Run, RunId } from '@codesync/protocol';
import { useEffect, useEffectEvent, useMemo } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { useReading, useRoom } from '../../desk/room.tsx';
import type { RoomReading } from '../../room-source/types.ts';
import { useGoing, useRunner } from './hooks.ts';
import { placesOf } from './places.ts';
import { useWaiting } from './useWaiting.ts';
import { readsInput } from './waiting.ts';

/**
 * Marks where the newest run failed, and brings the input line to whoever started a program that waits for input and
 * has not gone on to code.
 */
export function FollowRuns() {
  useMarks();
  useAskForInput();
  return null;
}

function useMarks(): void {
  const desk = useDesk();
  const newest = useRoom(({ room }) => [...room.runs.values()].at(-1));
  const places = useMemo(() => placesOf(newest), [newest]);
  useEffect(() => desk.mark(places), [desk, places]);
}

function useAskForInput(): void {
  const reading = useReading();
  const runner = useRunner();
  const you = useRoom((view) => view.you?.id ?? null);
  const going = useGoing();
  const run = useMemo(() => going.findLast(({ by }) => by === you) ?? null, [going, you]);
  const reads = useMemo(() => run !== null && programReads(reading, run), [reading, run]);
  const waiting = useWaiting(run, reads) && run !== null ? run.id : null;

  useEffect(() => {
    const goesOn = (event: Event) => {
      if (event instanceof KeyboardEvent && (event.ctrlKey || event.metaKey)) return;
      if (event.target instanceof Element && event.target.closest('.monaco-editor') !== null) {
        runner.coding = true;
      }
    };
    addEventListener('keydown', goesOn, { capture: true });
    addEventListener('pointerdown', goesOn, { capture: true });
    return () => {
      removeEventListener('keydown', goesOn, { capture: true });
      removeEventListener('pointerdown', goesOn, { capture: true });
    };
  }, [runner]);

  const ask = useEffectEvent((id: RunId) => {
    if (runner.coding) return;
    runner.bring(id);
    runner.state.setState({ wanted: id });
  });
  useEffect(() => {
    runner.state.setState({ waiting });
    if (waiting === null) runner.state.setState({ wanted: null });
    else ask(waiting);
  }, [runner, waiting]);
}

/** Whether the program may read its input, by the text of its entry file as it is now. */
function programReads(room: RoomReading, { language, entry }: Run): boolean {
  const text = room.document(entry)?.text();
  return text !== undefined && readsInput(language, text);
}
