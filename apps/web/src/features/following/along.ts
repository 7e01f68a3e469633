// Goes along with somebody: to their file, to what they have in sight of it, to their terminal.
import type { FileId, ParticipantId, TerminalId } from '@codesync/protocol';
import { leaderOf } from '@codesync/room';
import type { Desk } from '../../desk/desk.ts';
import { followingOf } from '../../desk/following.ts';

type Along = {
  /** The file that this page was last brought to; null: to none yet. */
  readonly brought: () => FileId | null;
  readonly stop: () => void;
};

/** At most once per frame, however often they move. */
export function goAlong(desk: Desk, self: ParticipantId, who: ParticipantId): Along {
  const { source } = desk;
  let brought: FileId | null = null;
  let watched: TerminalId | null = null;
  let frame = 0;

  const look = () => {
    frame = 0;
    const { room, lost, activities, connection } = desk.view();
    // Without a connection nothing is known of how the others are.
    if (connection.kind !== 'online') return;
    const is = room.members.get(who)?.here !== true ? 'gone' : lost.has(who) ? 'lost' : 'here';
    followingOf(desk).take({ kind: 'seen', is });
    if (is !== 'here') return;
    const leader = leaderOf(self, who, (one) => activities.get(one)?.following ?? null);
    const screen = leader === null ? null : source.screenOf(leader);
    if (screen === null) return;
    const { place, watching } = screen;
    if (place !== null && room.files.has(place.file)) {
      brought = place.file;
      desk.goAlong(place.file, place);
    }
    if (watching !== watched) {
      watched = watching;
      if (watching !== null && room.terminals.has(watching)) desk.showTerminal(watching);
    }
  };
  const soon = () => {
    if (frame === 0) frame = requestAnimationFrame(look);
  };
  // In a lower editor their cursor may be out of sight.
  const resized = new ResizeObserver(soon);
  for (const place of document.querySelectorAll('[data-place="file"]')) resized.observe(place);
  const stops = [source.onMoves(soon), source.subscribe(soon)];
  look();
  return {
    brought: () => brought,
    stop: () => {
      cancelAnimationFrame(frame);
      resized.disconnect();
      for (const stop of stops) stop();
    },
  };
}
