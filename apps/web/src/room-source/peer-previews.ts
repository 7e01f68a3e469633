// Tells peers what this person types before the log has it, and shows what they tell, by the direct ways to them. The
// server is told everything as well, and what the log has is what holds: packages/ot/SPEC.md, "Previews".
import { type ClientId, type FileId, LIMITS, readPreview, writePreview } from '@codesync/protocol';
import type { Clock } from './clock.ts';
import type { LiveFile } from './live-file.ts';
import type { PeerChannels } from './peer-channels.ts';
import { PeerRate } from './peer-rate.ts';

/** Keys that come closer together are told as one. */
const GAP_MS = 8;
/** How often is looked for what the log has not confirmed in time. */
const EXPIRE_MS = 1_000;

type PeerPreviewsOptions = {
  readonly clock: Clock;
  readonly online: () => boolean;
  /** A file that was opened; null for any other: nobody looks at it. */
  readonly file: (file: FileId) => LiveFile | null;
  readonly files: () => Iterable<LiveFile>;
  /** Whether that client is in the room, as the server said. */
  readonly isHere: (client: ClientId) => boolean;
  /** Whether whoever has that client may change files. */
  readonly mayEdit: (client: ClientId) => boolean;
  /** A deletion that waited may have gone with its text. */
  readonly changed: () => void;
};

export class PeerPreviews {
  readonly #options: PeerPreviewsOptions;
  #channels: PeerChannels | null = null;
  #stop: () => void = () => {};
  /** The number of the newest edit in flight that peers were told of, by file; none that was taken back. */
  readonly #told = new Map<LiveFile, number>();
  readonly #due = new Set<LiveFile>();
  #stamp = 0;
  #sentAt = Number.NEGATIVE_INFINITY;
  #cancelSend: (() => void) | null = null;
  #cancelExpiry: (() => void) | null = null;
  readonly #rate = new PeerRate(LIMITS.previewsPerSecond);

  constructor(options: PeerPreviewsOptions) {
    this.#options = options;
  }

  /** From now on by these ways, or by none. */
  use(channels: PeerChannels | null): void {
    this.#stop();
    this.#cancelSend?.();
    this.#cancelSend = null;
    this.#due.clear();
    this.#told.clear();
    this.#rate.clear();
    this.#channels = channels;
    this.#stop =
      channels?.onMessage((from, channel, bytes) => {
        if (channel === 'edits') this.#hear(from, bytes);
      }) ?? (() => {});
  }

  /** What is pending in a file is another. Costs nothing where there is no peer. */
  tell(file: LiveFile): void {
    if (this.#channels === null || this.#channels.peers().size === 0) return;
    this.#due.add(file);
    if (this.#cancelSend !== null) return;
    const { clock } = this.#options;
    const wait = this.#sentAt + GAP_MS - clock.now();
    if (wait <= 0) this.#send();
    else {
      this.#cancelSend = clock.after(wait, () => {
        this.#cancelSend = null;
        this.#send();
      });
    }
  }

  close(): void {
    this.use(null);
    this.#cancelExpiry?.();
  }

  #send(): void {
    const { clock, online } = this.#options;
    this.#sentAt = clock.now();
    for (const file of this.#due) {
      const frame = online() ? this.#frameOf(file) : null;
      if (frame !== null) this.#channels?.send('edits', frame);
    }
    this.#due.clear();
  }

  /** Null where there is nothing to say. What is too large to be shown is taken back. */
  #frameOf(file: LiveFile): Uint8Array<ArrayBuffer> | null {
    const { version, inFlight, buffer } = file.stored().client;
    const told = this.#told.get(file);
    // It also grows across reloads, so that nothing from before a reload is newer.
    this.#stamp = Math.max(this.#stamp + 1, Math.floor(this.#options.clock.now()));
    const head = { file: file.file, stamp: this.#stamp, base: version };
    if (inFlight !== null) {
      const { clientSeq, op } = inFlight;
      const frame = writePreview({ ...head, clientSeq, inFlight: op, buffer: buffer ?? [] });
      if (frame !== null) {
        this.#told.set(file, clientSeq);
        return frame;
      }
    }
    this.#told.delete(file);
    return told === undefined ? null : writePreview({ ...head, clientSeq: told, inFlight: [], buffer: [] });
  }

  #hear(from: ClientId, bytes: Uint8Array): void {
    if (!this.#rate.allows(from, this.#options.clock.now())) return;
    const preview = readPreview(bytes);
    if (preview === null || !this.#options.mayEdit(from)) return;
    const file = this.#options.file(preview.file);
    if (file === null) return;
    file.hear(from, preview);
    this.#expireLater();
  }

  #expireLater(): void {
    const { clock, files, isHere, changed } = this.#options;
    this.#cancelExpiry ??= clock.after(EXPIRE_MS, () => {
      this.#cancelExpiry = null;
      let left = false;
      for (const file of files()) left = file.expirePreviews(isHere) || left;
      changed();
      if (left) this.#expireLater();
    });
  }
}
