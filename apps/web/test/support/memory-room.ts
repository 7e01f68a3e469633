// A room in memory: what the server does with commands, by the same functions, without a socket or a store.
import type {
  BlobHash,
  CatchUp,
  ClientId,
  CommandBody,
  EventBody,
  FileId,
  Origin,
  Participant,
  ParticipantId,
  Refusal,
  RoomEvent,
  RunEnd,
  Welcome,
} from '@codesync/protocol';
import { clientId, runId } from '@codesync/protocol/testing';
import {
  catchUp,
  decide,
  EditOrder,
  editsAfter,
  enter,
  type Given,
  gapsOf,
  NOTHING_GIVEN,
  RoomFold,
} from '@codesync/room';

const STOPPED: RunEnd = {
  reason: 'stopped',
  exitCode: null,
  signal: null,
  wallMs: 0,
  cpuMs: 0,
  peakBytes: 0,
  truncated: { stdout: 0, stderr: 0 },
};

/** What a command became. */
export type Outcome =
  | { readonly ok: true; readonly event: RoomEvent }
  | { readonly ok: false; readonly error: Refusal };

/** Who has how much of the room, as a client says when it joins. */
export type Known = {
  readonly client: ClientId;
  readonly since: number | null;
  readonly pending: readonly { readonly file: FileId; readonly version: number }[];
};

export class MemoryRoom {
  readonly log: RoomEvent[] = [];
  readonly fold = new RoomFold();
  readonly order = new EditOrder(this.fold.texts);
  /** How long the blobs are that its server has. */
  readonly blobs = new Map<BlobHash, number>();
  readonly #now: () => number;
  readonly #told: (event: RoomEvent) => void;

  /** @param told hears of every new event once it is folded. */
  constructor(now: () => number, told: (event: RoomEvent) => void = () => {}) {
    this.#now = now;
    this.#told = told;
  }

  /** Puts a fact into the log. */
  append(body: EventBody, actor: ParticipantId | null = null, origin?: Origin, at = this.#now()): RoomEvent {
    const seq = this.fold.seq + 1;
    const event = {
      seq,
      at,
      actor,
      ...(origin === undefined ? {} : { origin }),
      body: structuredClone(body),
    };
    this.restore(event);
    this.#told(event);
    return event;
  }

  /** Takes in an event of a log that there was before. */
  restore(event: RoomEvent): void {
    this.fold.apply(event);
    this.order.follow(event);
    this.log.push(event);
  }

  /** Makes somebody a member who is here, an editor if they are new. */
  enter(participant: Participant): void {
    const entry = enter(this.fold.state, participant, 'editor');
    if (!entry.ok) throw new Error(entry.error.message);
    if (entry.body !== null) this.append(entry.body, participant.id);
  }

  /** Carries a command out, or says why not. A run never says anything, and ends when it is stopped. */
  command(
    actor: ParticipantId,
    body: CommandBody,
    origin?: Origin,
    read: Partial<Pick<Given, 'older' | 'blob'>> = {},
  ): Outcome {
    const decision = decide(this, actor, body, {
      ...NOTHING_GIVEN,
      ...read,
      run: { id: runId(`run-${this.fold.seq + 1}-memory`), sandbox: { state: 'ready', warm: {}, busy: 0 } },
    });
    switch (decision.kind) {
      case 'refused':
        return { ok: false, error: decision.error };
      case 'older':
        return this.command(actor, body, origin, {
          older: editsAfter(this.log, decision.file, decision.from - 1).map(({ op }) => op),
        });
      case 'blob':
        return this.command(actor, body, origin, {
          blob: { hash: decision.hash, bytes: this.blobs.get(decision.hash) ?? null },
        });
      case 'stop':
        return {
          ok: true,
          event: this.append({ kind: 'run.ended', run: decision.run, ...STOPPED }, actor, origin),
        };
      case 'fact':
        return { ok: true, event: this.append(decision.body, actor, origin) };
    }
  }

  /** What a client lacks. Above `resumeEvents` events that is a keyframe. */
  stateFor({ client, since, pending }: Known, resumeEvents: number): Welcome['state'] {
    const { seq } = this.fold;
    if (since !== null && since <= seq && seq - since <= resumeEvents) {
      return { kind: 'events', events: this.log.slice(since) };
    }
    const catchUps = gapsOf(this.fold.texts, pending)
      .map((gap) => catchUp(gap, editsAfter(this.log, gap.file, gap.from), clientId(client)))
      .filter((found): found is CatchUp => found !== null);
    return { kind: 'keyframe', keyframe: this.fold.toKeyframe(), catchUps };
  }
}
