/** Runs as a person in a room sees them: from the command on a socket of theirs to the events that come back. */
import type { Language } from '@codesync/protocol';
import { RunRoom } from '../run-room.ts';
import type { Way } from '../way.ts';

export type ClientWay = Way & { leave(): void };

export function clientWay(place: string): ClientWay {
  const rooms = new Map<Language, Promise<RunRoom>>();
  const roomOf = (language: Language): Promise<RunRoom> => {
    const known = rooms.get(language) ?? RunRoom.open(place, language);
    rooms.set(language, known);
    return known;
  };
  return {
    title: 'at a client',
    remark: null,
    async prepare({ language, text }) {
      const room = await roomOf(language);
      return room.ready(text);
    },
    leave() {
      for (const room of rooms.values()) void room.then((open) => open.leave());
    },
  };
}
