// Comments that were written and are not in the room's log yet. They stay on this device until they are: each has its id
// from the start, so that one that is sent twice is there once.
import { CommentId, CommentText, FileId, type ParticipantId, type RoomId } from '@codesync/protocol';
import { carryRange, type Range } from '@codesync/room';
import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand';
import type { RoomSource } from '../../room-source/types.ts';
import { withStorage } from '../../storage.ts';
import { foundAgain } from './places.ts';

const written = { comment: CommentId, text: CommentText, at: z.number(), refused: z.string().nullable() };
const Unsent = z.discriminatedUnion('kind', [
  /** Begins a thread on a range of the text on this screen. */
  z.object({
    kind: z.literal('open'),
    file: FileId,
    start: z.int().min(0),
    end: z.int().min(0),
    quote: z.string(),
    ...written,
  }),
  z.object({ kind: z.literal('reply'), thread: CommentId, ...written }),
]);
/** `refused`: why the room did not take it; null: it waits to be sent. */
export type Unsent = z.infer<typeof Unsent>;
export type UnsentOpen = Extract<Unsent, { kind: 'open' }>;

/** What is typed at the same time is on its way, and is waited for so long. */
const FLUSH_MS = 10_000;

const PREFIX = 'codesync-comment:';

/** Refusals that will pass by themselves: the comment waits on. */
const PASSING: ReadonlySet<string> = new Set([
  'room.unavailable',
  'protocol.unjoined',
  'rate.exceeded',
  'storage.unavailable',
  'storage.full',
]);

const RETRY_MS = 2_000;

export class UnsentComments {
  readonly #source: RoomSource;
  readonly #storage: () => Storage;
  readonly state: StoreApi<readonly Unsent[]> = createStore<readonly Unsent[]>(() => []);
  #sending = false;
  #loaded = false;
  readonly #stop: (() => void)[] = [];
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(source: RoomSource, storage: () => Storage = () => localStorage) {
    this.#source = source;
    this.#storage = storage;
  }

  /** Begins to send. Returns the way to stop. */
  start(): () => void {
    this.#stop.push(
      this.#source.onTexts(({ file, op }) => {
        this.#carry(file, (each) =>
          op === null ? this.#found(each) : carryRange({ start: each.start, end: each.end }, op),
        );
      }),
      this.#source.subscribe(() => this.#look()),
    );
    this.#look();
    return () => {
      for (const stop of this.#stop.splice(0)) stop();
      clearTimeout(this.#retry);
    };
  }

  add(unsent: Unsent): void {
    this.#keep(unsent);
    this.#set([...this.state.getState(), unsent]);
    void this.#pump();
  }

  /** Sends one again that was refused. */
  retry(comment: CommentId): void {
    this.#change(comment, (each) => ({ ...each, refused: null }));
    void this.#pump();
  }

  discard(comment: CommentId): void {
    withStorage(this.#storage, (storage) => storage.removeItem(this.#key(comment)), undefined);
    this.#set(this.state.getState().filter((each) => each.comment !== comment));
  }

  #look(): void {
    const { ready, you } = this.#source.view();
    if (!ready || you === null) return;
    if (!this.#loaded) {
      this.#loaded = true;
      const known = new Set(this.state.getState().map(({ comment }) => comment));
      const loaded = this.#load(you.id).filter(({ comment }) => !known.has(comment));
      if (loaded.length > 0) this.#set([...loaded, ...this.state.getState()]);
    }
    void this.#pump();
  }

  /** Sends what waits, one after the other, in the order in which it was written. */
  async #pump(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        if ((await this.#send(next)) === 'later') {
          clearTimeout(this.#retry);
          this.#retry = setTimeout(() => void this.#pump(), RETRY_MS);
          return;
        }
      }
    } finally {
      this.#sending = false;
    }
  }

  #next(): Unsent | undefined {
    if (this.#source.view().connection.kind !== 'online') return undefined;
    return this.state.getState().find(({ refused }) => refused === null);
  }

  async #send(unsent: Unsent): Promise<'done' | 'later'> {
    const { comment, text } = unsent;
    if (unsent.kind === 'reply') {
      const { thread } = unsent;
      return this.#settle(
        comment,
        await this.#source.command({ kind: 'comment.reply', thread, comment, text }),
      );
    }
    if (this.#source.unsaved() > 0) {
      try {
        await this.#source.flush(FLUSH_MS);
      } catch {
        return 'later';
      }
    }
    const { file } = unsent;
    const now = this.state.getState().find((each) => each.comment === comment);
    if (now?.kind !== 'open') return 'done';
    const range = this.#source.logged(file, { start: now.start, end: now.end });
    // A file that is gone has no version. The room says so.
    const place = range ?? { version: 0, start: now.start, end: now.end };
    return this.#settle(
      comment,
      await this.#source.command({ kind: 'comment.open', comment, file, ...place, text }),
    );
  }

  #settle(comment: CommentId, result: Awaited<ReturnType<RoomSource['command']>>): 'done' | 'later' {
    // It came before: an answer was lost, or another tab has sent it.
    if (result.ok || result.error.code === 'comment.exists') this.discard(comment);
    else if (PASSING.has(result.error.code)) return 'later';
    else this.#change(comment, (each) => ({ ...each, refused: result.error.message }));
    return 'done';
  }

  #carry(file: FileId, at: (each: UnsentOpen) => Range): void {
    for (const each of this.state.getState()) {
      if (each.kind === 'open' && each.file === file)
        this.#change(each.comment, () => ({ ...each, ...at(each) }));
    }
  }

  /** Where it is in a text that may have changed unseen. */
  #found({ file, start, end, quote }: UnsentOpen): Range {
    const text = this.#source.text(file);
    return text === null ? { start, end } : foundAgain(text, { start, end }, quote);
  }

  #change(comment: CommentId, change: (unsent: Unsent) => Unsent): void {
    this.#set(
      this.state.getState().map((each) => {
        if (each.comment !== comment) return each;
        const changed = change(each);
        this.#keep(changed);
        return changed;
      }),
    );
  }

  #set(all: readonly Unsent[]): void {
    this.state.setState(all, true);
  }

  // ---- on this device -------------------------------------------------------------------------------------

  #key(comment: CommentId): string {
    return `${PREFIX}${this.#source.view().id}:${comment}`;
  }

  #keep(unsent: Unsent): void {
    const by = this.#source.view().you?.id;
    const value = JSON.stringify({ by, unsent });
    withStorage(this.#storage, (storage) => storage.setItem(this.#key(unsent.comment), value), undefined);
  }

  /** What this person wrote and left, in the order in which it was written. */
  #load(you: ParticipantId): readonly Unsent[] {
    const prefix = `${PREFIX}${this.#source.view().id satisfies RoomId}:`;
    return withStorage(
      this.#storage,
      (storage) => {
        const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
        return keys
          .filter((key) => key.startsWith(prefix))
          .flatMap((key) => read(storage.getItem(key), you))
          .sort((a, b) => a.at - b.at)
          .map((each) => (each.kind === 'open' ? { ...each, ...this.#found(each) } : each));
      },
      [],
    );
  }
}

function read(kept: string | null, you: ParticipantId): readonly Unsent[] {
  try {
    const { by, unsent } = JSON.parse(kept ?? '');
    const parsed = Unsent.safeParse(unsent);
    return by === you && parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
