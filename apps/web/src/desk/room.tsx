// The room that a page shows, for whoever stands in it: to be read, and to take part in.
import { type CommandKind, may, type ParticipantId } from '@codesync/protocol';
import {
  type Context,
  createContext,
  type ReactNode,
  useContext,
  useMemo,
  useSyncExternalStore,
} from 'react';
import type { LiveView, RoomReading, RoomSource, RoomView } from '../room-source/types.ts';
import { distinctInitials } from '../ui/initials.ts';
import { framesOf } from './frames.ts';

type Shown<Source extends RoomReading> = {
  readonly source: Source;
  /** The source's views in step with the screen. */
  readonly frames: Pick<Source, 'view' | 'subscribe'>;
};

const ReadingContext = createContext<Shown<RoomReading> | null>(null);
const LiveContext = createContext<Shown<RoomSource> | null>(null);

/**
 * Shows a room that can only be read: what lies in it may use `useReading` and `useRoom`.
 * @internal only the harness shows one
 */
export function ReadingProvider({ room, children }: { room: RoomReading; children: ReactNode }) {
  const shown = useMemo(() => ({ source: room, frames: framesOf<RoomView>(room) }), [room]);
  return <ReadingContext value={shown}>{children}</ReadingContext>;
}

/** Shows a room to take part in: what lies in it may use every hook of this file. */
export function RoomProvider({ source, children }: { source: RoomSource; children: ReactNode }) {
  const shown = useMemo(() => ({ source, frames: framesOf<LiveView>(source) }), [source]);
  return (
    <ReadingContext value={shown}>
      <LiveContext value={shown}>{children}</LiveContext>
    </ReadingContext>
  );
}

function useGiven<T>(context: Context<T | null>): T {
  const given = useContext(context);
  if (given === null) throw new Error('This stands in no room of the kind that it needs.');
  return given;
}

/** The room, to be read. */
export function useReading(): RoomReading {
  return useGiven(ReadingContext).source;
}

/**
 * What `select` takes of the newest view, at most once per frame. It takes a part that is already there, and makes
 * none: who asks is drawn anew when that part is another one.
 */
export function useRoom<T>(select: (view: RoomView) => T): T {
  const { frames } = useGiven(ReadingContext);
  return useSyncExternalStore(frames.subscribe, () => select(frames.view()));
}

/** The room, to take part in. */
export function useSource(): RoomSource {
  return useGiven(LiveContext).source;
}

/** As `useRoom`, and of how this client's part in the room stands besides. */
export function useLive<T>(select: (view: LiveView) => T): T {
  const { frames } = useGiven(LiveContext);
  return useSyncExternalStore(frames.subscribe, () => select(frames.view()));
}

/** Whether this person may give commands of that kind. */
export function useMay(kind: CommandKind): boolean {
  return useRoom(({ you }) => you !== null && may(you.role, kind));
}

/** What stands for each person. */
export function useLetters(): ReadonlyMap<ParticipantId, string> {
  const members = useRoom(({ room }) => room.members);
  return useMemo(() => distinctInitials(members.values()), [members]);
}
