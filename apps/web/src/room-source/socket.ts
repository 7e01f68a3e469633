// The socket to a room: a small port, and Socket.IO behind it.
import {
  type ClientToServer,
  type Command,
  type DivergenceReport,
  type HashCheck,
  type HashVerdict,
  type JoinReply,
  type JoinRequest,
  POLLING_HEADER,
  type PresenceUpdate,
  type Refusal,
  readLog,
  refusalFrom,
  type ServerStatusReply,
  type ServerToClient,
  type Way,
} from '@codesync/protocol';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';

/** What a socket tells its owner: `log` comes as `events`. After `down` nothing more comes; `down` comes once. */
export type SocketListener = {
  readonly [Name in Exclude<keyof ServerToClient, 'log'>]: ServerToClient[Name];
} & {
  /** The socket is open: join now. */
  readonly open: () => void;
  /** It has closed or could not be opened: with the server's refusal, if that is what it was. */
  readonly down: (refused: Refusal | null) => void;
};

/** An open or opening socket. Messages given to it while it is not open are dropped. */
export type RoomSocket = {
  /**
   * Calls `answered` in the order of what else comes, since that may follow in the same turn; with null when no answer
   * comes in time.
   */
  readonly join: (request: JoinRequest, answered: (reply: JoinReply | null) => void) => void;
  readonly command: (command: Command) => void;
  readonly presence: (update: PresenceUpdate) => void;
  /** Rejects when no answer comes in time. */
  readonly check: (check: HashCheck) => Promise<HashVerdict>;
  readonly healed: (report: DivergenceReport) => void;
  /** Rejects when no answer comes in time. */
  readonly status: () => Promise<ServerStatusReply>;
  /** Resolves when the server has answered; rejects when it did not within `timeoutMs`. */
  readonly ping: (timeoutMs: number) => Promise<void>;
  /** Closes it; no call to the listener follows. */
  readonly close: () => void;
};

export type OpenSocket = (way: Way, listener: SocketListener) => RoomSocket;

/** For both handshakes, that of the way and that of Socket.IO. */
const OPEN_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 15_000;

/**
 * Socket.IO below `path` of our own origin. Reconnecting, buffering, recovery and moving from one way to another are off: they are
 * ours, by version, so that nothing is sent twice or in the wrong place.
 */
export function socketIo(path: string, url?: string): OpenSocket {
  return (way, listener) => {
    const options = {
      path,
      transports: [way],
      transportOptions: { polling: { extraHeaders: { [POLLING_HEADER]: 'page' } } },
      upgrade: false,
      reconnection: false,
      forceNew: true,
    } satisfies Partial<ManagerOptions & SocketOptions>;
    const socket: Socket<ServerToClient, ClientToServer> = url === undefined ? io(options) : io(url, options);
    const close = () => {
      clearTimeout(late);
      socket.off().offAny();
      socket.disconnect();
    };
    const late = setTimeout(() => {
      close();
      listener.down(null);
    }, OPEN_TIMEOUT_MS);
    socket.on('connect', () => {
      clearTimeout(late);
      listener.open();
    });
    socket.on('connect_error', (error) => {
      clearTimeout(late);
      listener.down('data' in error ? refusalFrom(error.data) : null);
    });
    socket.on('disconnect', () => listener.down(null));
    readLog(socket, listener.events, listener.resync);
    socket.on('refused', listener.refused);
    socket.on('presence', listener.presence);
    socket.on('lost', listener.lost);
    socket.on('sandbox', listener.sandbox);
    socket.on('storage', listener.storage);
    socket.on('resync', listener.resync);
    socket.on('dismissed', listener.dismissed);
    return {
      join: (request, answered) => {
        socket
          .timeout(ANSWER_TIMEOUT_MS)
          .emit('join', request, (error, reply) => answered(error === null ? reply : null));
      },
      command: (command) => {
        if (socket.connected) socket.emit('command', command);
      },
      presence: latestWhenFree(socket, (update: PresenceUpdate) => socket.emit('presence', update)),
      check: (check) => socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('check', check),
      healed: (report) => {
        if (socket.connected) socket.emit('healed', report);
      },
      status: () => socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('status'),
      ping: async (timeoutMs) => {
        await socket.timeout(timeoutMs).emitWithAck('rtt');
      },
      close,
    };
  };
}

/**
 * Sends at once where that is possible. While something is on its way, as much of the time is where a request carries
 * it, the latest waits for it to be through.
 */
function latestWhenFree<Message>(
  socket: Socket,
  send: (message: Message) => void,
): (message: Message) => void {
  let waiting: Message | null = null;
  const flush = () => {
    const message = waiting;
    waiting = null;
    if (message !== null && socket.connected) send(message);
  };
  return (message) => {
    if (!socket.connected) return;
    const { engine } = socket.io;
    if (waiting === null && !engine.transport.writable) engine.once('drain', flush);
    waiting = message;
    if (engine.transport.writable) flush();
  };
}
