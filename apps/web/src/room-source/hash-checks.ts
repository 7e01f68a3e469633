// Checks now and then whether this client's confirmed texts are still those of the server.
import type { FileId, HashCheck, HashVerdict } from '@codesync/protocol';
import type { Clock } from './clock.ts';

/** A file is checked after so many edits, once it has been quiet for so long. */
const EDITS = 40;
const QUIET_MS = 3_000;

export type HashChecksOptions = {
  readonly clock: Clock;
  /** The confirmed text's version and hash; null when there is no such file. */
  readonly confirmed: (file: FileId) => Omit<HashCheck, 'file'> | null;
  readonly check: (check: HashCheck) => Promise<HashVerdict>;
  readonly diverged: (file: FileId, verdict: Extract<HashVerdict, { verdict: 'diverged' }>) => void;
};

export class HashChecks {
  readonly #options: HashChecksOptions;
  readonly #edits = new Map<FileId, number>();
  #cancel: () => void = () => {};

  constructor(options: HashChecksOptions) {
    this.#options = options;
  }

  /** An edit of the log is in the confirmed text. */
  edited(file: FileId): void {
    this.#edits.set(file, (this.#edits.get(file) ?? 0) + 1);
    this.#later();
  }

  /** These files are due whatever happened to them. */
  due(files: Iterable<FileId>): void {
    for (const file of files) this.#edits.set(file, EDITS);
    if (this.#edits.size > 0) this.#later();
  }

  stop(): void {
    this.#cancel();
  }

  #later(): void {
    this.#cancel();
    this.#cancel = this.#options.clock.after(QUIET_MS, () => void this.#checkDue());
  }

  async #checkDue(): Promise<void> {
    for (const [file, edits] of [...this.#edits]) {
      if (edits < EDITS) continue;
      this.#edits.delete(file);
      const confirmed = this.#options.confirmed(file);
      if (confirmed === null) continue;
      const verdict = await this.#options.check({ file, ...confirmed });
      if (verdict.verdict === 'diverged') this.#options.diverged(file, verdict);
    }
  }
}
