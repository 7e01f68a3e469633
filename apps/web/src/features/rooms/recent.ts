// The rooms this browser was in. The server lists no rooms, so this list lives here. Pure but for the two ends.
import { Language } from '@codesync/protocol';
import { BASE } from '../../base.ts';
import { recall, remember } from '../../storage.ts';

export type RecentRoom = {
  readonly id: string;
  readonly name: string;
  readonly language: Language;
  /** When this browser was last in it, Unix milliseconds. */
  readonly at: number;
  /** The others who were there. */
  readonly people: readonly string[];
};

/** Servers below other paths of the same origin have rooms of their own. */
const KEY = BASE === '/' ? 'codesync.recent' : `codesync.recent:${BASE}`;
const KEPT = 12;

function isRecent(value: unknown): value is RecentRoom {
  if (typeof value !== 'object' || value === null) return false;
  const room = value as Partial<RecentRoom>;
  return (
    typeof room.id === 'string' &&
    typeof room.name === 'string' &&
    typeof room.at === 'number' &&
    Language.safeParse(room.language).success &&
    Array.isArray(room.people) &&
    room.people.every((name) => typeof name === 'string')
  );
}

/** `rooms` with `room` as the newest; one entry per room, the oldest fall out. */
export function withRecent(rooms: readonly RecentRoom[], room: RecentRoom): readonly RecentRoom[] {
  return [room, ...rooms.filter(({ id }) => id !== room.id)].slice(0, KEPT);
}

export function recentRooms(): readonly RecentRoom[] {
  return recall(KEY, (value) => (Array.isArray(value) ? value.filter(isRecent) : null), []);
}

export function rememberRoom(room: RecentRoom): void {
  remember(KEY, withRecent(recentRooms(), room));
}

export function forgetRoom(id: string): readonly RecentRoom[] {
  const rest = recentRooms().filter((room) => room.id !== id);
  remember(KEY, rest);
  return rest;
}

/** “with Ada”, “with Ada and Grace”, “with Ada, Grace and 3 more”, “on your own”. */
export function withWhom(people: readonly string[]): string {
  const [first, second, ...rest] = people;
  if (first === undefined) return 'on your own';
  if (second === undefined) return `with ${first}`;
  if (rest.length === 0) return `with ${first} and ${second}`;
  return `with ${first}, ${second} and ${rest.length} more`;
}
