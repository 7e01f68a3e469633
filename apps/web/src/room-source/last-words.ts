// What a page writes as it goes away. It writes synchronously, since nothing asynchronous is sure to end.
import type { ClientId, RoomId } from '@codesync/protocol';
import { withStorage } from '../storage.ts';
import type { RecordWrite } from './record.ts';
import { readLastWords, withFormat } from './record-format.ts';
import { readable } from './unreadable.ts';

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
  // Without a storage, or where it is full, only what was written in the usual way is kept.
  const use = <Result>(work: (storage: Storage) => Result, otherwise: Result): Result =>
    withStorage(storage, work, otherwise);
  const read = (from: Storage, key: string): RecordWrite | null => {
    const text = from.getItem(key);
    if (text === null) return null;
    const [words = null] = readable(() => readLastWords(text));
    return words;
  };
  return {
    write: (words) => {
      const { room, client } = words.record;
      use((to) => to.setItem(`${PREFIX}${room}:${client}`, JSON.stringify(withFormat(words))), undefined);
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
