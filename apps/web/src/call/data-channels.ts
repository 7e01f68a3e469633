// The data channels of one peer connection.
import type { PeerChannel } from '../room-source/peer-channels.ts';

/** Both ends open the same channels by number, so none of them has to be announced. */
const CHANNELS: Readonly<Record<PeerChannel, RTCDataChannelInit>> = {
  presence: { negotiated: true, id: 0, ordered: false, maxRetransmits: 0 },
  edits: { negotiated: true, id: 1, ordered: true },
};
const NAMES = ['presence', 'edits'] as const;

/** What one message of a channel may have at most, and what may wait to be sent. */
const MESSAGE_BYTES: Readonly<Record<PeerChannel, number>> = { presence: 16_384, edits: 65_536 };
const WAITING_BYTES: Readonly<Record<PeerChannel, number>> = { presence: 65_536, edits: 262_144 };

export type DataChannelListener = {
  readonly message: (channel: PeerChannel, bytes: Uint8Array<ArrayBuffer>) => void;
  /** A channel has opened or closed. */
  readonly changed: () => void;
};

export class DataChannels {
  readonly #channels: ReadonlyMap<PeerChannel, RTCDataChannel>;

  constructor(pc: RTCPeerConnection, { message, changed }: DataChannelListener) {
    this.#channels = new Map(
      NAMES.map((name) => {
        const channel = pc.createDataChannel(name, CHANNELS[name]);
        channel.binaryType = 'arraybuffer';
        channel.onopen = changed;
        channel.onclose = changed;
        channel.onmessage = ({ data }: MessageEvent<unknown>) => {
          if (data instanceof ArrayBuffer && data.byteLength <= MESSAGE_BYTES[name]) {
            message(name, new Uint8Array(data));
          }
        };
        return [name, channel];
      }),
    );
  }

  /** Whether a message would get there now. */
  get open(): boolean {
    return NAMES.every((name) => this.#channels.get(name)?.readyState === 'open');
  }

  /** Sends a message, or drops it: one that is too large, and one that would have to wait behind too much. */
  send(name: PeerChannel, bytes: Uint8Array<ArrayBuffer>): void {
    const channel = this.#channels.get(name);
    if (channel?.readyState !== 'open' || bytes.byteLength > MESSAGE_BYTES[name]) return;
    if (channel.bufferedAmount + bytes.byteLength <= WAITING_BYTES[name]) channel.send(bytes);
  }

  /** Nothing more is heard of them. They close with their connection. */
  close(): void {
    for (const channel of this.#channels.values()) {
      channel.onmessage = null;
      channel.onopen = null;
      channel.onclose = null;
    }
  }
}
