// The audience of the product: clients on sockets of a server in this process, and rooms that do nothing by themselves.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  clientParser,
  POLLING_HEADER,
  PROTOCOL_VERSION,
  type RoomId,
  readLog,
  type Way,
} from '@codesync/protocol';
import { io, type Socket } from 'socket.io-client';
import * as json from 'socket.io-parser';
import { observedAudience } from '../../src/observed.ts';
import type { Log, Observer } from '../../src/ports.ts';
import type { RoomHandle } from '../../src/rooms/room-handle.ts';
import type { Seat } from '../../src/rooms/seat.ts';
import { createSockets } from '../../src/sockets/server.ts';
import { HANA } from './actor.ts';
import { type AudienceStage, type Listener, wordsOf } from './audience-contract.ts';
import { MemoryRunner } from './memory-runner.ts';

const nothing = () => undefined;
const log: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const observer: Observer = {
  edited: nothing,
  committed: nothing,
  commitFailed: nothing,
  joined: nothing,
  resynced: nothing,
  refused: nothing,
  checked: nothing,
  healed: nothing,
  spoke: nothing,
  ended: nothing,
};

/** Who waits for a client to take a seat, or to give it back. */
type Waiting = Map<string, (seat: Seat) => void>;

function roomOf(id: RoomId, taking: Waiting, leaving: Waiting): RoomHandle {
  return {
    id,
    join: async (seat) => {
      taking.get(seat.client)?.(seat);
      return null;
    },
    // The seat is given back in the same turn, right after this.
    leave: (seat) => queueMicrotask(() => leaving.get(seat.id)?.(seat)),
    command: nothing,
    terminal: nothing,
    presence: nothing,
    guide: async () => null,
    call: async () => ({ ok: true, ice: null }),
    signal: async () => ({ ok: true }),
    hear: nothing,
    check: async () => ({ verdict: 'unknown' }),
    healed: async () => false,
    runs: async () => ({ reply: { ok: true, answer: { kind: 'runs', runs: [], more: false } }, units: 0 }),
    may: async () => true,
    invitation: async () => ({ ok: true, invitation: { room: '', role: 'editor', hosts: [] } }),
    role: async () => 'host',
    blobsInUse: async () => [],
    links: async () => ({ editor: '', viewer: '' }),
    figures: async () => ({ clients: 1, participants: 1, diverged: 0, healed: 0 }),
  };
}

/** A client's socket, by which it joins rooms. */
type Joining = Listener & {
  /** Joins anew by the same socket; resolves with the new seat, which is not welcomed yet. */
  readonly joinAgain: () => Promise<Seat>;
};

export type SocketStage = Omit<AudienceStage, 'seat'> & {
  readonly seat: (room: RoomId, client: string) => Promise<Joining>;
};

export async function socketAudience(way: Way): Promise<SocketStage> {
  const taking: Waiting = new Map();
  const leaving: Waiting = new Map();
  const sockets = createSockets(observer, log);
  const http = createServer();
  sockets.serve(
    http,
    {
      registry: { open: async (id) => ({ ok: true, room: roomOf(id, taking, leaving) }), storage: 'ok' },
      runner: new MemoryRunner(),
      formatter: {
        format: async () => {
          throw new Error('nobody asks');
        },
      },
      status: async () => {
        throw new Error('nobody asks');
      },
      log,
    },
    {
      identities: { read: async () => HANA, write: async () => '' },
      origins: [],
      proxies: 0,
      clientsPerAddress: 50,
    },
  );
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const pages: Socket[] = [];

  const seat: SocketStage['seat'] = async (room, client) => {
    const page = io(address, {
      parser: clientParser(json),
      transports: [way],
      extraHeaders: { [POLLING_HEADER]: 'test', Origin: address },
      reconnection: false,
      forceNew: true,
    });
    pages.push(page);
    const heard: string[] = [];
    readLog(page, (events) => heard.push(...wordsOf.events(events)));
    page.on('refused', ({ clientSeq }) => heard.push(wordsOf.refused(clientSeq)));
    page.on('terminal', (frame) => heard.push(wordsOf.terminal(frame)));
    page.on('terminalState', (state) => heard.push(wordsOf.terminalState(state)));
    page.on('terminalScreen', (screen) => heard.push(wordsOf.terminalScreen(screen)));
    page.on('dismissed', () => heard.push(wordsOf.dismissed));
    page.on('presence', (entries) => heard.push(...wordsOf.presence(entries)));
    page.on('lost', () => heard.push(wordsOf.lost));
    page.on('hostTalk', (talk) => heard.push(wordsOf.hostTalk(talk)));
    page.on('leading', () => heard.push(wordsOf.leading));
    page.on('summons', ({ number }) => heard.push(wordsOf.summons(number)));
    page.on('disk', (disk) => heard.push(wordsOf.disk(disk)));
    page.on('call', (state) => heard.push(wordsOf.call(state)));
    page.on('signal', (signal) => heard.push(wordsOf.signal(signal)));
    page.on('resync', () => heard.push(wordsOf.resync));
    const join = async (): Promise<Seat> => {
      const taken = new Promise<Seat>((resolve) => taking.set(client, resolve));
      const wish = { protocol: PROTOCOL_VERSION, room, client, secret: null, since: 0, pending: [] };
      page.emit('join', wish, () => heard.push(wordsOf.welcome));
      return taken;
    };
    const first = await join();
    return {
      seat: first,
      heard: () => heard,
      leave: async () => {
        const left = new Promise((resolve) => leaving.set(first.id, resolve));
        page.disconnect();
        await left;
      },
      joinAgain: join,
    };
  };

  return {
    audience: observedAudience(sockets.audience, observer),
    seat,
    quiet: async () => {
      await Promise.all(pages.filter(({ connected }) => connected).map((page) => page.emitWithAck('rtt')));
    },
    close: async () => {
      for (const page of pages) page.disconnect();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
