// A run by its own part of the log. Pure.
import type { RoomEvent, Run, RunId } from '@codesync/protocol';
import { EMPTY_ROOM, foldEvent } from './nouns.ts';

/**
 * A run by the events that are its own, in order, its start first. Null if there is no start.
 * @param events may have others between them.
 */
export function runOf(events: readonly RoomEvent[], id: RunId): Run | null {
  let state = EMPTY_ROOM;
  for (const event of events) {
    const { body } = event;
    if ('run' in body && body.run === id) state = foldEvent(state, body, event, new Map());
  }
  return state.runs.get(id) ?? null;
}

/** A run as a list of runs tells it: without its output, with the files that it started from and read. */
export function summaryOf(run: Run): Run {
  const files = run.files.filter(({ file }) => file === run.entry || file === run.stdin);
  return { ...run, files, output: [], outputDropped: true };
}
