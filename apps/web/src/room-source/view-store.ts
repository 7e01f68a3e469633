// The picture of the room that React reads: a new object when something in it is new, and only then.

import type { Participant, ParticipantId, Role } from '@codesync/protocol';
import { EMPTY_ROOM, type RoomFold } from '@codesync/room';
import type { Clock } from './clock.ts';
import { nextSave, type SaveFacts, SETTLE_MS } from './save-state.ts';
import type { LiveView } from './types.ts';

export type ViewFacts = Pick<
  LiveView,
  | 'id'
  | 'connection'
  | 'storage'
  | 'sandbox'
  | 'disk'
  | 'call'
  | 'lost'
  | 'activities'
  | 'leading'
  | 'summons'
  | 'serverAheadMs'
  | 'notices'
  | 'unsent'
  | 'hostMessages'
> &
  Omit<SaveFacts, 'lastPendingAt'> & {
    readonly fold: RoomFold | null;
    readonly you: (Participant & { readonly role: Role }) | null;
  };

export class ViewStore {
  readonly #clock: Clock;
  readonly #facts: () => ViewFacts;
  readonly #listeners = new Set<() => void>();
  #view: LiveView;
  #wasPending = false;
  #lastPendingAt = Number.NEGATIVE_INFINITY;
  #cancelSettling: (() => void) | null = null;

  constructor(clock: Clock, facts: () => ViewFacts) {
    this.#clock = clock;
    this.#facts = facts;
    this.#view = this.#next(null);
  }

  get view(): LiveView {
    return this.#view;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks at the facts again; tells the listeners if the picture is another one. */
  update(): void {
    const next = this.#next(this.#view);
    if (next === this.#view) return;
    this.#view = next;
    for (const listener of [...this.#listeners]) listener();
  }

  close(): void {
    this.#cancelSettling?.();
    this.#listeners.clear();
  }

  #next(before: LiveView | null): LiveView {
    const { fold, you, pendingSince, online, kept, ...facts } = this.#facts();
    const now = this.#clock.now();
    if (pendingSince === null && this.#wasPending) this.#lastPendingAt = now;
    this.#wasPending = pendingSince !== null;
    const save = { pendingSince, lastPendingAt: this.#lastPendingAt, online, kept };
    const next: LiveView = {
      ...facts,
      connection: same(before?.connection, facts.connection),
      lost: sameSet(before?.lost, facts.lost),
      leading: same(before?.leading, facts.leading),
      activities: sameMap(before?.activities, facts.activities),
      ready: fold !== null,
      room: fold?.state ?? EMPTY_ROOM,
      you: same(before?.you, memberOrSelf(fold, you)),
      save: nextSave(before?.save ?? { kind: 'saved' }, save, now),
    };
    if (pendingSince === null && next.save.kind !== 'saved') this.#settleLater();
    return before !== null && equal(before, next) ? before : next;
  }

  /** Nothing is pending, but it is too early to say so. */
  #settleLater(): void {
    this.#cancelSettling ??= this.#clock.after(SETTLE_MS, () => {
      this.#cancelSettling = null;
      this.update();
    });
  }
}

/** As the room has this person now; as the server last said, before the room is there. */
function memberOrSelf(fold: RoomFold | null, you: ViewFacts['you']): LiveView['you'] {
  const member = you === null ? undefined : fold?.state.members.get(you.id);
  if (member === undefined) return you;
  const { id, name, hue, role } = member;
  return { id, name, hue, role };
}

/** `after`, or `before` when it is the same in every field. */
function same<T extends object | null>(before: T | undefined, after: T): T {
  if (before === undefined || before === null || after === null) return after;
  return equal(before, after) ? before : after;
}

function equal<T extends object>(a: T, b: T): boolean {
  const keys = Object.keys(b) as (keyof T)[];
  return keys.length === Object.keys(a).length && keys.every((key) => Object.is(a[key], b[key]));
}

type Activities = LiveView['activities'];

function sameMap(before: Activities | undefined, after: Activities): Activities {
  if (before === undefined || before.size !== after.size) return after;
  for (const [who, does] of after) {
    const did = before.get(who);
    if (did === undefined || !equal(did, does)) return after;
  }
  return before;
}

type People = ReadonlySet<ParticipantId>;

function sameSet(before: People | undefined, after: People): People {
  if (before === undefined || before.size !== after.size) return after;
  for (const one of after) if (!before.has(one)) return after;
  return before;
}
