import { useEffect, useRef } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { useSettings } from '../../desk/settings.ts';
import { comingsWords, NearEdits, type Neighbour } from './news.ts';

/** How often it is looked who is close by, while somebody moves. */
const LOOK_MS = 500;

/** Says aloud who comes and goes, and who edits close by. */
export function PeopleBackground() {
  useComings();
  useNearEdits();
  return null;
}

function useComings(): void {
  const { announcer } = useDesk();
  const members = useRoom(({ room }) => room.members);
  const you = useRoom((view) => view.you?.id ?? null);
  const ready = useRoom((view) => view.ready);
  const on = useSettings((settings) => settings.sayComings);
  /** Who was here as the page came is no news. */
  const before = useRef<typeof members | null>(null);
  useEffect(() => {
    if (!ready) return;
    const words = before.current === null ? [] : comingsWords(before.current, members, you);
    before.current = members;
    if (on) for (const sentence of words) announcer.say(sentence);
  }, [announcer, members, you, ready, on]);
}

function useNearEdits(): void {
  const desk = useDesk();
  const on = useSettings((settings) => settings.sayNearEdits);
  useEffect(() => {
    if (!on) return;
    const near = new NearEdits();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      const place = desk.place.getState().place;
      if (place === null) return;
      for (const words of near.look(neighbours(), place.line, Date.now())) desk.announcer.say(words);
    };
    const neighbours = (): Neighbour[] => {
      const file = desk.active();
      const cursors = file === null ? [] : (desk.source.document(file)?.remoteCursors() ?? []);
      return cursors.flatMap(({ client, participant, name, typedAt }) => {
        const line = desk.source.lineOf(client);
        return line === null ? [] : [{ participant, name, line, typedAt }];
      });
    };
    const stop = desk.source.onMoves(() => {
      timer ??= setTimeout(look, LOOK_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [desk, on]);
}
