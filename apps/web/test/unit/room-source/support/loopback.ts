// A server of Socket.IO's in this process that does what the test says, for the socket of the product.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import {
  NOBODY_CALLS,
  NOTHING_APART,
  type Refusal,
  type ServerToClient,
  type Welcome,
  wireParser,
} from '@codesync/protocol';
import { settle } from '@codesync/protocol/testing';
import { RoomFold } from '@codesync/room';
import { Server, type Socket } from 'socket.io';
import * as json from 'socket.io-parser';
import { vi } from 'vitest';
import { socketIo } from '../../../../src/room-source/socket.ts';
import type { SocketStage } from './room-socket-contract.ts';
import { person } from './tab.ts';

/** Longer than the socket waits for anything. */
const LONG_MS = 20_000;

const WELCOME: Welcome & { readonly ok: true } = {
  ok: true,
  you: { ...person(1), role: 'editor' },
  head: 0,
  lastClientSeq: 0,
  state: { kind: 'keyframe', keyframe: new RoomFold().toKeyframe(), catchUps: [] },
  presence: [],
  lost: { clients: [], people: [] },
  disk: NOTHING_APART,
  leading: null,
  now: 0,
  call: NOBODY_CALLS,
  sandbox: { state: 'starting' },
  storage: 'ok',
};

async function addressOf(server: TcpServer): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The time of both ends goes on as usual, and can be moved on. */
export async function loopback(): Promise<SocketStage> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 2 });
  const http = createServer();
  const io = new Server(http, { parser: wireParser(json), serveClient: false });
  const silent = createTcpServer();
  const [here, unanswered] = [await addressOf(http), await addressOf(silent)];
  const gone = createTcpServer();
  const away = await addressOf(gone);
  gone.close();

  let url = here;
  let refused: Refusal | null = null;
  let muted = false;
  let client: Socket<Record<string, never>, ServerToClient> | null = null;
  const commands: number[] = [];
  const reports: string[] = [];
  let clock: number | null = null;

  io.use((_socket, next) => {
    if (refused === null) next();
    else next(Object.assign(new Error(refused.message), { data: refused }));
  });
  io.on('connection', (socket) => {
    client = socket;
    socket.use((_event, next) => {
      if (!muted) next();
    });
    socket.on('join', (_request, answer) => answer(WELCOME));
    socket.on('command', ({ clientSeq }) => commands.push(clientSeq));
    socket.on('healed', ({ file }) => reports.push(file));
    socket.on('presence', (update) => {
      clock = update.clock;
    });
    socket.on('check', (_check, answer) => answer({ verdict: 'unknown' }));
    socket.on('runs', (_question, answer) => answer({ ok: false, error: null }));
    socket.on('format', (_request, answer) => answer({ ok: false, error: null }));
    socket.on('call', (_request, answer) => answer({ ok: false, error: null }));
    socket.on('signal', (_signal, answer) => answer({ ok: false, error: null }));
    socket.on('status', (answer) => answer({ ok: false, error: null }));
    socket.on('rtt', (answer) => answer());
  });

  return {
    open: (way, listener) => socketIo('/socket.io/', url)(way, listener),
    fate: (fate) => {
      url = fate === 'away' ? away : fate === 'silent' ? unanswered : here;
      refused = typeof fate === 'string' ? null : fate;
    },
    tell: (event) => void client!.emit('events', [event]),
    say: (name, ...message) =>
      void client!.emit(name, ...(message as Parameters<ServerToClient[typeof name]>)),
    mute: () => {
      muted = true;
    },
    timeOut: async () => {
      vi.advanceTimersByTime(LONG_MS);
      await settle();
    },
    cut: () => client!.conn.close(),
    arrived: () => ({ commands, reports, clock }),
    quiet: () => settle(),
    close: async () => {
      vi.useRealTimers();
      silent.close();
      http.closeAllConnections();
      await io.close();
    },
  };
}
