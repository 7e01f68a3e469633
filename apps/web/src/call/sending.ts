// What one end sends by a peer connection, which has a place for each kind of media.
import { MediaKind } from '@codesync/protocol';
import type { Clock } from '../room-source/clock.ts';
import type { SendLimits } from './bitrates.ts';
import { levelOf, reportsOf } from './samples.ts';

/** In the order of their places in each description. */
const KINDS = MediaKind.options;

/**
 * A camera's picture begins small: a browser believes at first that a way carries 300 kbit/s, and of a large picture it
 * throws away the first frames, until it has found a size for that.
 */
const FIRST_LINES = 360;
const FIRST_LINES_MS = 2_000;

export type SendingOptions = {
  readonly clock: Clock;
  /** Of two, one leads: it makes the places, and the other one is given them by its first offer. */
  readonly leads: boolean;
  readonly track: (kind: MediaKind) => MediaStreamTrack | null;
  readonly limits: () => SendLimits;
};

export class Sending {
  readonly #pc: RTCPeerConnection;
  readonly #options: SendingOptions;
  #begun: boolean;
  #closed = false;
  /** The picture is small yet. */
  #first = true;
  #cancelFirst = () => {};

  constructor(pc: RTCPeerConnection, options: SendingOptions) {
    this.#pc = pc;
    this.#options = options;
    this.#begun = options.leads;
  }

  /** The places are there, or may be made: before that, only the one who leads may offer. */
  get begun(): boolean {
    return this.#begun;
  }

  /** What comes from the other end, by kind; nothing before the places are there. */
  get tracks(): Readonly<Partial<Record<MediaKind, MediaStreamTrack>>> {
    return Object.fromEntries(this.#places().map(({ receiver }, i) => [KINDS[i]!, receiver.track]));
  }

  /** Makes the places, where it leads. */
  make(): void {
    for (const kind of KINDS) this.#pc.addTransceiver(trackKindOf(kind), { direction: 'sendrecv' });
    this.#fillAll();
  }

  /** The other end has made the places. */
  take(): void {
    this.#begun = true;
    for (const place of this.#places()) place.direction = 'sendrecv';
    this.#fillAll();
  }

  /** The track of that kind is another one. */
  setTrack(kind: MediaKind): void {
    const sender = this.#senderOf(kind);
    if (sender !== undefined) void this.#fill(sender, kind);
  }

  /**
   * After an own offer was taken back, Chromium (150) sends no picture any more until its sender is given the track anew.
   */
  async refill(): Promise<void> {
    for (const { sender } of this.#places()) await sender.replaceTrack(null);
    this.#fillAll();
  }

  /**
   * What may be sent is another amount, or is to be applied again.
   *
   * @param whole sends a whole picture at once: what was lost on a way that broke is asked for again for seconds before a
   *   decoder asks for one
   */
  limit(whole = false): void {
    this.#places().forEach(({ sender }, i) => void this.#limit(sender, KINDS[i]!, whole));
  }

  /** There is a way, perhaps again: the picture may soon be as large as it is to be. */
  grow(): void {
    this.limit();
    if (!this.#first) return;
    this.#cancelFirst();
    this.#cancelFirst = this.#options.clock.after(FIRST_LINES_MS, () => {
      this.#first = false;
      this.limit();
    });
  }

  /** How loud the microphone is that is sent, 0 to 1; null where none is. */
  async level(): Promise<number | null> {
    const sender = this.#senderOf('microphone');
    if (sender?.track == null) return null;
    return levelOf(reportsOf(await sender.getStats()));
  }

  close(): void {
    this.#closed = true;
    this.#cancelFirst();
  }

  /** In their order; none before they are there. */
  #places(): RTCRtpTransceiver[] {
    if (!this.#begun || this.#closed) return [];
    const places = this.#pc.getTransceivers().slice(0, KINDS.length);
    return places.every(({ receiver }, i) => receiver.track.kind === trackKindOf(KINDS[i]!)) ? places : [];
  }

  #senderOf(kind: MediaKind): RTCRtpSender | undefined {
    return this.#places()[KINDS.indexOf(kind)]?.sender;
  }

  #fillAll(): void {
    this.#places().forEach(({ sender }, i) => void this.#fill(sender, KINDS[i]!));
  }

  async #fill(sender: RTCRtpSender, kind: MediaKind): Promise<void> {
    try {
      await sender.replaceTrack(this.#options.track(kind));
      await this.#limit(sender, kind, false);
    } catch (error) {
      // The connection may have been closed meanwhile.
      if (!this.#closed) throw error;
    }
  }

  async #limit(sender: RTCRtpSender, kind: MediaKind, whole: boolean): Promise<void> {
    const { track } = sender;
    if (kind === 'microphone' || track === null) return;
    const { bitsPerSecond, framesPerSecond, height } = this.#options.limits()[kind];
    const lines = this.#first && kind === 'camera' ? Math.min(height, FIRST_LINES) : height;
    const parameters = sender.getParameters();
    if (parameters.encodings.length === 0) return;
    for (const encoding of parameters.encodings) {
      encoding.maxBitrate = bitsPerSecond;
      encoding.maxFramerate = framesPerSecond;
      encoding.scaleResolutionDownBy = Math.max(1, (track.getSettings().height ?? height) / lines);
    }
    // It rejects where the connection is negotiated or closed at this moment: the next negotiation applies it again.
    const options = { encodingOptions: parameters.encodings.map(() => ({ keyFrame: whole })) };
    await sender.setParameters(parameters, options).catch(() => undefined);
  }
}

function trackKindOf(kind: MediaKind): 'audio' | 'video' {
  return kind === 'microphone' ? 'audio' : 'video';
}
