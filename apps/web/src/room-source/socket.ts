// The socket to a room: a small port, and Socket.IO behind it.
import {
  type ClientToServer,
  type Command,
  type DivergenceReport,
  type HashCheck,
  type HashVerdict,
  type JoinReply,
  type JoinRequest,
  type PresenceUpdate,
  type Refusal,
  readLog,
  refusalFrom,
  type ServerStatusReply,
  type ServerToClient,
} from '@codesync/protocol';
import { io, type Socket } from 'socket.io-client';

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
  /** Rejects when no answer comes in time. */
  readonly join: (request: JoinRequest) => Promise<JoinReply>;
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

export type OpenSocket = (listener: SocketListener) => RoomSocket;

const OPEN_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 15_000;

/**
 * Socket.IO to our own origin. Reconnecting, buffering and recovery are off: they are ours, by version, so that
 * nothing is sent twice or in the wrong place.
 */
export function socketIo(url?: string): OpenSocket {
  return (listener) => {
    const options = {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: OPEN_TIMEOUT_MS,
    };
    const socket: Socket<ServerToClient, ClientToServer> = url === undefined ? io(options) : io(url, options);
    socket.on('connect', listener.open);
    socket.on('connect_error', (error) => listener.down('data' in error ? refusalFrom(error.data) : null));
    socket.on('disconnect', () => listener.down(null));
    readLog(socket, listener.events, listener.resync);
    socket.on('refused', listener.refused);
    socket.on('presence', listener.presence);
    socket.on('sandbox', listener.sandbox);
    socket.on('storage', listener.storage);
    socket.on('resync', listener.resync);
    socket.on('dismissed', listener.dismissed);
    return {
      join: (request) => socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('join', request),
      command: (command) => {
        if (socket.connected) socket.emit('command', command);
      },
      presence: (update) => {
        if (socket.connected) socket.volatile.emit('presence', update);
      },
      check: (check) => socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('check', check),
      healed: (report) => {
        if (socket.connected) socket.emit('healed', report);
      },
      status: () => socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('status'),
      ping: async (timeoutMs) => {
        await socket.timeout(timeoutMs).emitWithAck('rtt');
      },
      close: () => {
        socket.off().offAny();
        socket.disconnect();
      },
    };
  };
}
