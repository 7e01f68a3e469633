/** CodeSync as it is shipped, for a bench: the real server in a process of its own, with its private PostgreSQL. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  ClientId,
  type ClientToServer,
  type CreateRoomReply,
  clientParser,
  type JoinReply,
  type Language,
  type LinksReply,
  PROTOCOL_VERSION,
  type RoomEvent,
  type RoomId,
  readLog,
  type ServerToClient,
} from '@codesync/protocol';
import type { Socket } from 'socket.io-client';
import * as json from 'socket.io-parser';
import { commandLine, family } from './processes.ts';
import { startProcess } from './server-process.ts';
import { connect } from './socket-io.ts';

const SERVER = new URL('../../apps/server/src/main.ts', import.meta.url).pathname;
const RUNNER = 'apps/runner/src/main.ts';

/** For a client of its Socket.IO. */
const parser = clientParser(json);

let addresses = 0;
/** The server counts by network address. Everybody comes from one of their own, in the network kept for benches. */
function someAddress(): string {
  addresses++;
  return `198.18.${(addresses >> 8) & 255}.${addresses & 255}`;
}

export type CodeSync = {
  /** Its origin, such as `http://127.0.0.1:3000`. */
  readonly place: string;
  /** Its data folder, which goes when it stops. */
  readonly data: string;
  processes(): { readonly server: readonly number[]; readonly database: readonly number[] };
  /** The process of its runner. Throws when it has none. */
  runner(): number;
  stop(): Promise<void>;
};

/**
 * Starts it on any free port of this machine and a data folder of its own.
 *
 * @param environment what it sees beside its usual settings.
 * @param profile a folder for its CPU profile, null for none.
 */
export async function startCodeSync(
  environment: Readonly<Record<string, string>>,
  profile: string | null,
): Promise<CodeSync> {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-bench-'));
  fs.chmodSync(data, 0o711);
  const settings = {
    PORT: '0',
    CODESYNC_DATA: data,
    CODESYNC_PROXIES: '1',
    LOG_LEVEL: 'warn',
    ...environment,
  };
  const { pid, place, stop } = await startProcess(SERVER, /CodeSync is at (\S+)/, settings, profile);
  const postmaster = postmasterOf(data);
  return {
    place,
    data,
    processes: () => ({ server: [pid], database: family(postmaster) }),
    runner() {
      const runner = family(pid).find((child) => commandLine(child).includes(RUNNER));
      if (runner === undefined) throw new Error('the server has no runner');
      return runner;
    },
    async stop() {
      await stop();
      fs.rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A new room, and the secret that lets editors in. */
export async function createRoom(
  place: string,
  language: Language,
): Promise<{ readonly room: RoomId; readonly secret: string }> {
  const host = await signIn(place);
  const { room } = (await call(place, 'POST', '/api/rooms', host, { language })) as CreateRoomReply;
  const { links } = (await call(place, 'GET', `/api/rooms/${room}/links`, host)) as LinksReply;
  return { room, secret: links.editor };
}

/** The private PostgreSQL of a data folder, which may lie elsewhere when that folder is out of its reach. */
function postmasterOf(data: string): number {
  const elsewhere = path.join(data, 'postgres.location');
  const folder = fs.existsSync(elsewhere)
    ? fs.readFileSync(elsewhere, 'utf8').trim()
    : path.join(data, 'postgres');
  return Number(fs.readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

export type Headers = Readonly<Record<string, string>>;

/** A participant of their own, as the headers that say so. */
export async function signIn(place: string): Promise<Headers> {
  const network = { 'X-Forwarded-For': someAddress() };
  const response = await fetch(`${place}/api/me`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...network },
    body: JSON.stringify({ name: 'Typist' }),
  });
  const [cookie] = response.headers.getSetCookie();
  return { ...network, Cookie: cookie!.split(';')[0]! };
}

type Granted = Extract<JoinReply, { ok: true }>;

/** What a newcomer gets. */
export type Joined = Pick<Granted, 'lastClientSeq'> & {
  readonly socket: Socket<ServerToClient, ClientToServer>;
  readonly client: ClientId;
  readonly keyframe: Extract<Granted['state'], { kind: 'keyframe' }>['keyframe'];
  /** Bytes that the socket has received so far. */
  readonly received: () => number;
};

/** Joins a room as a newcomer. `enter` makes of that a seat, which takes all events of the room from then on. */
export async function joinRoom<Seat extends { take(events: readonly RoomEvent[]): void }>(
  place: string,
  headers: Headers,
  room: RoomId,
  secret: string,
  enter: (joined: Joined) => Seat,
): Promise<Seat> {
  const { socket: untyped, received } = await connect(place, { ...headers, Origin: place }, { parser });
  const socket = untyped as Socket<ServerToClient, ClientToServer>;
  const client = ClientId.parse(randomBytes(12).toString('base64url'));
  const early: (readonly RoomEvent[])[] = [];
  let seat: Seat | null = null;
  readLog(socket, (events) => {
    if (seat === null) early.push(events);
    else seat.take(events);
  });
  socket.on('refused', ({ error }) => {
    throw new Error(`${error.code}: ${error.message}`);
  });
  const request = { protocol: PROTOCOL_VERSION, room, client, secret, since: null, pending: [] };
  const reply: JoinReply = await socket.emitWithAck('join', request);
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
  if (reply.state.kind !== 'keyframe') throw new Error('a newcomer gets a keyframe');
  const { keyframe } = reply.state;
  seat = enter({ socket, client, keyframe, lastClientSeq: reply.lastClientSeq, received });
  for (const events of early) seat.take(events);
  return seat;
}

/** A request of the HTTP interface; throws what the server answers to one that it refuses. */
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
