// The live interface: Socket.IO over one HTTP server.
import type { Server as HttpServer } from 'node:http';
import {
  LIMITS,
  REFUSALS,
  type RoomId,
  refusal,
  type SandboxStatus,
  type ServerToClient,
  type StorageState,
  wireParser,
} from '@codesync/protocol';
import { Server } from 'socket.io';
import * as json from 'socket.io-parser';
import { clientAddress } from '../client-address.ts';
import type { Identities } from '../identity.ts';
import { originAllowed } from '../origin.ts';
import type { Log, Observer } from '../ports.ts';
import type { Audience } from '../rooms/audience.ts';
import { Backlogs } from './backlogs.ts';
import { Broadcasts } from './broadcast.ts';
import { type ClientDeps, type FromClient, SocketClient, type SocketData } from './client.ts';
import type { Connection } from './connection.ts';
import { EditTimes } from './edit-times.ts';
import { watch } from './gate.ts';
import { LANES } from './lanes.ts';
import { LatePresence, type Listener } from './late-presence.ts';
import { guardPolling } from './polling.ts';
import { createSocketRates } from './rates.ts';
import { Seats } from './seats.ts';
import { PING_MS, Silence } from './silence.ts';
import { assertParts } from './ws-parts.ts';

type IO = Server<FromClient, ServerToClient, Record<string, never>, SocketData>;

/** The sockets before there are rooms for them. Rooms need an audience, and sockets need rooms. */
export type Sockets = {
  readonly audience: Audience;
  /** Starts to take clients. */
  serve(
    http: HttpServer,
    deps: Omit<ClientDeps, 'rates' | 'broadcasts' | 'backlogs' | 'seats' | 'silence' | 'times' | 'observer'>,
    handshake: HandshakeDeps,
  ): void;
  /** How many are open, and how many of those poll. */
  count(): { readonly all: number; readonly polling: number };
  /** Tells every client of the server. */
  tellSandbox(status: SandboxStatus): void;
  tellStorage(state: StorageState): void;
  /** Disconnects everyone for good, without closing the HTTP server. */
  close(): void;
};

type HandshakeDeps = {
  readonly identities: Identities;
  readonly origins: readonly string[];
  readonly proxies: number;
  readonly clientsPerAddress: number;
};

/** A dead connection ends within this and `PING_MS`, so a slow phone may be silent for as long. */
const PONG_MS = 17_500;

type Connections = Readonly<Record<string, Connection>>;

/** Everything that is connected by its id, in the namespace or on its way there. */
function connectionsOf(io: IO): Connections {
  return (io.engine as unknown as { readonly clients: Connections } | undefined)?.clients ?? {};
}

export function createSockets(observer: Observer, log: Log): Sockets {
  assertParts();
  let closed = false;
  const io: IO = new Server({
    parser: wireParser(json),
    // A page takes the way that gets through. It moves by another connection and another join, which lose and double
    // nothing. Engine.IO's own upgrade would exchange a connection's transport while others here look at it.
    transports: ['websocket', 'polling'],
    allowUpgrades: false,
    serveClient: false,
    maxHttpBufferSize: LIMITS.messageBytes,
    // Messages are small and many: deflating each costs more time and memory than it saves in bytes.
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: PING_MS,
    pingTimeout: PONG_MS,
  });
  const times = new EditTimes(observer.edited);
  const backlogs = new Backlogs(() => Object.values(connectionsOf(io)), log);
  const silence = new Silence(() => performance.now());
  const stopListening = silence.start();
  const { adapter, sockets } = io.of('/');
  const broadcasts = new Broadcasts(io.of('/'), times, backlogs);
  const seats = new Seats();
  const late = new LatePresence();
  function* listeners(room: RoomId): Iterable<Listener> {
    for (const id of adapter.rooms.get(room) ?? []) {
      const socket = sockets.get(id);
      if (socket !== undefined) yield socket;
    }
  }
  return {
    audience: {
      to: (seat, message) => seats.to(seat, message),
      events: (room, events) => broadcasts.tell(room, events),
      lost: (room, lost) => void io.to(room).emit('lost', lost),
      disk: (room, disk) => void io.to(room).emit('disk', disk),
      call: (room, state) => void io.to(room).emit('call', state),
      presence: (room, entries) => {
        late.note(listeners(room), entries);
        io.to(room).volatile.emit('presence', entries);
      },
      resync: (room) => {
        broadcasts.flush(room);
        io.to(room).emit('resync');
        io.in(room).socketsLeave(room);
      },
    },
    tellSandbox: (status) => void io.emit('sandbox', status),
    tellStorage: (state) => void io.emit('storage', state),
    count: () => {
      const open = [...sockets.values()].map(({ conn }) => (conn as unknown as Connection).transport.name);
      return { all: open.length, polling: open.filter((way) => way === 'polling').length };
    },
    serve: (http, deps, { identities, origins, proxies, clientsPerAddress }) => {
      const rates = createSocketRates(clientsPerAddress);
      /** Of each connection, taken when it came: the request that opened one that polls is over soon. */
      const addresses = new WeakMap<object, string>();
      io.use(async (socket, next) => {
        const address = addresses.get(socket.conn)!;
        if (rates.sockets(address) > clientsPerAddress) {
          const data = refusal('rate.address');
          return next(Object.assign(new Error(data.message), { data }));
        }
        const participant = await identities.read(socket.request.headers.cookie);
        Object.assign(socket.data, { participant, address });
        next();
      });
      io.on(
        'connection',
        (socket) =>
          new SocketClient(
            socket,
            { ...deps, rates, broadcasts, backlogs, seats, silence, times, observer },
            LANES,
          ),
      );
      io.attach(http, {
        allowRequest: (request, decide) => {
          // A little beyond the limit, a socket is opened so that the page can be told why it is closed. Far beyond it
          // none is opened. The reason is then in an answer that no browser shows.
          const crowd = rates.sockets(clientAddress(request, proxies)) > clientsPerAddress * 2;
          const reason = crowd ? REFUSALS['rate.address'] : null;
          decide(reason, !closed && !crowd && originAllowed(request, origins));
        },
      });
      const find = (id: string) => {
        const connections = connectionsOf(io);
        return Object.hasOwn(connections, id) ? connections[id] : undefined;
      };
      io.engine.use(guardPolling({ identities, origins, find, log }));
      io.engine.on('connection', (connection: Connection) => {
        watch(connection, backlogs, log);
        const address = clientAddress(connection.request, proxies);
        addresses.set(connection, address);
        rates.connected(address);
        connection.once('close', () => rates.disconnected(address));
      });
    },
    close: () => {
      closed = true;
      backlogs.stop();
      stopListening();
      io.disconnectSockets(true);
    },
  };
}
