// What the room refuses of this client. It decides what becomes of each refused edit and tells the author. Nothing
// typed is lost.
import { type FileId, type Refusal, refusal } from '@codesync/protocol';
import type { TakenBack } from '@codesync/room';
import type { Clock } from './clock.ts';
import { remedyFor } from './edit-refusals.ts';
import type { LiveFile } from './live-file.ts';
import { addNotice, type Notice } from './notices.ts';

/** After the server said that it cannot take an edit just now. */
const RETRY_MS = 1_000;

export type RefusalsOptions = {
  readonly clock: Clock;
  readonly newId: () => string;
  /** The files that were opened or have something pending. */
  readonly files: () => Iterable<LiveFile>;
  /** Null when the room has no such file. */
  readonly path: (file: FileId) => string | null;
  /** True when it was a command other than an edit: who asked for it has the answer. */
  readonly answered: (clientSeq: number, error: Refusal) => boolean;
  /** What was to be sent again may go. */
  readonly pump: () => void;
  /** Something was taken back: the confirmed text below it is looked at. */
  readonly doubt: (file: FileId) => void;
  /** Goes through another join. */
  readonly rejoin: () => void;
  /** This copy of the room is not the server's: it is fetched whole. */
  readonly reload: () => void;
};

export class Refusals {
  readonly #options: RefusalsOptions;
  #notices: readonly Notice[];

  constructor(options: RefusalsOptions, notices: readonly Notice[]) {
    this.#options = options;
    this.#notices = notices;
  }

  /** What this person must not miss, oldest first. */
  get notices(): readonly Notice[] {
    return this.#notices;
  }

  /** This person has seen it. */
  dismiss(id: string): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
  }

  /** The server refuses a command; null: something without a number. */
  refused(clientSeq: number | null, error: Refusal): void {
    const { files, answered, rejoin } = this.#options;
    if (clientSeq === null) {
      // Presence that was too frequent: it is lossy anyway.
      if (error.code !== 'rate.exceeded') this.#notice(error, null, null, null);
    } else if (!answered(clientSeq, error)) {
      const file = [...files()].find(({ inFlight }) => inFlight === clientSeq);
      if (file !== undefined) this.#edit(file, error);
    }
    if (error.code === 'protocol.unjoined') rejoin();
  }

  /** An edit that no message can carry: the room would never take it. */
  oversized(file: LiveFile): void {
    this.#edit(file, refusal('file.tooLarge'));
  }

  /** What was typed has no place in the room any more. `path`: of the file that it was typed into. */
  lost(file: FileId, path: string, taken: TakenBack): void {
    this.#notice(refusal('file.unknown'), file, path, taken);
  }

  /** The room will never take what was said in its chat. `text`: the words, where there are any. */
  unsaid(text: string | null, error: Refusal): void {
    if (text !== null) this.#notice(error, null, null, { typed: text, text: null });
  }

  /** The room is closed to this client. What was not saved stays in the record, and is also shown. */
  closed(error: Refusal): void {
    for (const file of this.#options.files()) {
      if (file.synchronized) continue;
      this.#notice(error, file.file, this.#options.path(file.file), file.unsaved());
    }
  }

  #edit(file: LiveFile, error: Refusal): void {
    const { clock, path, pump, doubt, reload } = this.#options;
    const at = path(file.file);
    switch (remedyFor(error.code)) {
      case 'retry':
        clock.after(RETRY_MS, () => {
          file.unsend();
          pump();
        });
        return;
      case 'resend':
        return;
      case 'reload':
        reload();
        return;
      case 'undo':
        this.#notice(error, file.file, at, file.refused());
        doubt(file.file);
        return;
      case 'undo-all':
        this.#notice(error, file.file, at, file.takeBack());
    }
  }

  #notice(
    error: Refusal,
    file: FileId | null,
    path: string | null,
    taken: Pick<Notice, 'typed' | 'text'> | null,
  ): void {
    const at = this.#options.clock.now();
    const { typed = null, text = null } = taken ?? {};
    const id = this.#options.newId();
    this.#notices = addNotice(this.#notices, { id, at, error, file, path, typed, text });
  }
}
