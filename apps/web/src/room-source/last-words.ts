// What a page writes as it goes away: synchronously, since nothing asynchronous is sure to end.
import type { ClientId, RoomId } from '@codesync/protocol';
import { withStorage } from '../storage.ts';
import type { RecordWrite } from './record.ts';

/** A store of its own, so that the large one need not be waited for. Best effort throughout. */
export type LastWords = {
  readonly write: (words: RecordWrite) => void;
  readonly all: () => readonly RecordWrite[];
  /** Those of one client, unless they are newer than `writtenAt`. */
  readonly forget: (room: RoomId, client: ClientId, writtenAt: number) => void;
};

const PREFIX = 'codesync-last:';

/** Last words in `storage`; in a browser that gives pages none, they are not kept. */
export function storedLastWords(storage: () => Storage = () => localStorage): LastWords {
  // Without a storage, or where it is full, what is written in the usual way has to do.
  const use = <Result>(work: (storage: Storage) => Result, otherwise: Result): Result =>
    withStorage(storage, work, otherwise);
  const read = (from: Storage, key: string): RecordWrite | null => {
    const text = from.getItem(key);
    return text === null ? null : JSON.parse(text);
  };
  return {
    write: (words) => {
      const { room, client } = words.record;
      use((to) => to.setItem(`${PREFIX}${room}:${client}`, JSON.stringify(words)), undefined);
    },
    all: () =>
      use((from) => {
        const keys = Array.from({ length: from.length }, (_, i) => from.key(i));
        return keys.flatMap((key) => (key?.startsWith(PREFIX) ? (read(from, key) ?? []) : []));
      }, []),
    forget: (room, client, writtenAt) =>
      use((from) => {
        const key = `${PREFIX}${room}:${client}`;
        const words = read(from, key);
        if (words !== null && words.record.writtenAt <= writtenAt) from.removeItem(key);
      }, undefined),
  };
}
