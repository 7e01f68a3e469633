// The socket to a room: a small port, and Socket.IO behind it.
import {
  type CallReply,
  type CallRequest,
  type ClientToServer,
  type Command,
  clientParser,
  type DivergenceReport,
  type FormatReply,
  type FormatRequest,
  type GuideReply,
  type GuideRequest,
  type HashCheck,
  type HashVerdict,
  type JoinReply,
  type JoinRequest,
  type OutgoingSignal,
  POLLING_HEADER,
  type PresenceUpdate,
  type Refusal,
  type RunQuestion,
  type RunReply,
  readLog,
  refusalFrom,
  type ServerStatusReply,
  type ServerToClient,
  type SignalReply,
  type TerminalMessage,
  type Way,
} from '@codesync/protocol';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import * as json from 'socket.io-parser';

/**
 * What a socket tells its owner, in the order in which the server said it: `log` and `keys` come as `events`. Nothing
 * comes before `openSocket` has returned.
 */
export type SocketListener = {
  readonly [Name in Exclude<keyof ServerToClient, 'log' | 'keys' | 'texts'>]: ServerToClient[Name];
} & {
  /** The socket is open: join now. Comes once, and nothing comes before it but `down`. */
  readonly open: () => void;
  /**
   * It has closed or could not be opened: with the server's refusal, if that is what it was. Comes once, and is the
   * last that comes.
   */
  readonly down: (refused: Refusal | null) => void;
};

/**
 * An open or opening socket. What is given to it arrives once and in order while it is open, and is dropped while it is
 * not. A question is rejected at once then; one that is unanswered when the socket closes is rejected as well.
 */
export type RoomSocket = {
  /**
   * Calls `answered` once, in the order of what else comes, since that may follow in the same turn. The answer is null
   * when none comes in time, or when the socket was not open. After `down` and `close` there is no answer.
   */
  readonly join: (request: JoinRequest, answered: (reply: JoinReply | null) => void) => void;
  readonly command: (command: Command) => void;
  /** Where something is on its way, the latest alone is sent after it. */
  readonly presence: (update: PresenceUpdate) => void;
  readonly terminal: (message: TerminalMessage) => void;
  /** Rejects when no answer comes in time. */
  readonly check: (check: HashCheck) => Promise<HashVerdict>;
  readonly healed: (report: DivergenceReport) => void;
  /** Rejects when no answer comes in time. */
  readonly runs: (question: RunQuestion) => Promise<RunReply>;
  /** Rejects when no answer comes in time. */
  readonly format: (request: FormatRequest) => Promise<FormatReply>;
  /** Rejects when no answer comes in time. */
  readonly guide: (request: GuideRequest) => Promise<GuideReply>;
  /** Rejects when no answer comes in time. */
  readonly status: () => Promise<ServerStatusReply>;
  /** Rejects when no answer comes in time. */
  readonly call: (request: CallRequest) => Promise<CallReply>;
  /** Rejects when no answer comes in time. */
  readonly signal: (signal: OutgoingSignal) => Promise<SignalReply>;
  /** Resolves when the server has answered; rejects when it did not within `timeoutMs`. */
  readonly ping: (timeoutMs: number) => Promise<void>;
  /** Closes it, as often as it is called; no call to the listener follows. */
  readonly close: () => void;
};

export type OpenSocket = (way: Way, listener: SocketListener) => RoomSocket;

/** For both handshakes, that of the way and that of Socket.IO. */
const OPEN_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 15_000;

const parser = clientParser(json);

/**
 * Socket.IO below `path` of our own origin. Its reconnecting, buffering, recovery and changes of way are off. We do
 * these ourselves, by version, so that nothing is sent twice or in the wrong place.
 */
export function socketIo(path: string, url?: string): OpenSocket {
  return (way, listener) => {
    const options = {
      path,
      parser,
      transports: [way],
      transportOptions: { polling: { extraHeaders: { [POLLING_HEADER]: 'page' } } },
      upgrade: false,
      reconnection: false,
      forceNew: true,
    } satisfies Partial<ManagerOptions & SocketOptions>;
    const socket: Socket<ServerToClient, ClientToServer> = url === undefined ? io(options) : io(url, options);
    let closed = false;
    const close = () => {
      closed = true;
      clearTimeout(late);
      socket.off().offAny();
      socket.disconnect();
    };
    const down = (refused: Refusal | null) => {
      close();
      listener.down(refused);
    };
    const late = setTimeout(() => down(null), OPEN_TIMEOUT_MS);
    /** For a question. What is asked of a socket that is not open would wait in it. */
    const within = (ms: number) => {
      if (!socket.connected) throw new Error('the socket is not open');
      return socket.timeout(ms);
    };
    socket.on('connect', () => {
      clearTimeout(late);
      listener.open();
    });
    socket.on('connect_error', (error) => down('data' in error ? refusalFrom(error.data) : null));
    socket.on('disconnect', () => down(null));
    readLog(socket, listener.events, listener.resync);
    socket.on('refused', listener.refused);
    socket.on('presence', listener.presence);
    socket.on('lost', listener.lost);
    socket.on('disk', listener.disk);
    socket.on('call', listener.call);
    socket.on('signal', listener.signal);
    socket.on('hostTalk', listener.hostTalk);
    socket.on('leading', listener.leading);
    socket.on('summons', listener.summons);
    socket.on('sandbox', listener.sandbox);
    socket.on('storage', listener.storage);
    socket.on('terminal', listener.terminal);
    socket.on('terminalState', listener.terminalState);
    socket.on('terminalScreen', listener.terminalScreen);
    socket.on('resync', listener.resync);
    socket.on('dismissed', listener.dismissed);
    return {
      join: (request, answered) => {
        let waits = true;
        const answer = (reply: JoinReply | null) => {
          if (waits && !closed) answered(reply);
          waits = false;
        };
        if (!socket.connected) queueMicrotask(() => answer(null));
        else {
          // A large room comes in many messages: as long as they come, the answer is not late.
          let unanswered = setTimeout(answer, ANSWER_TIMEOUT_MS, null);
          socket.on('texts', () => {
            clearTimeout(unanswered);
            unanswered = setTimeout(answer, ANSWER_TIMEOUT_MS, null);
          });
          socket.emit('join', request, (reply) => {
            clearTimeout(unanswered);
            answer(reply);
          });
        }
      },
      command: (command) => {
        if (socket.connected) socket.emit('command', command);
      },
      presence: latestWhenFree(socket, (update: PresenceUpdate) => socket.emit('presence', update)),
      terminal: (message) => {
        if (socket.connected) socket.emit('terminal', message);
      },
      check: async (check) => within(ANSWER_TIMEOUT_MS).emitWithAck('check', check),
      healed: (report) => {
        if (socket.connected) socket.emit('healed', report);
      },
      runs: async (question) => within(ANSWER_TIMEOUT_MS).emitWithAck('runs', question),
      format: async (request) => within(ANSWER_TIMEOUT_MS).emitWithAck('format', request),
      guide: async (request) => within(ANSWER_TIMEOUT_MS).emitWithAck('guide', request),
      status: async () => within(ANSWER_TIMEOUT_MS).emitWithAck('status'),
      call: async (request) => within(ANSWER_TIMEOUT_MS).emitWithAck('call', request),
      signal: async (signal) => within(ANSWER_TIMEOUT_MS).emitWithAck('signal', signal),
      ping: async (timeoutMs) => {
        await within(timeoutMs).emitWithAck('rtt');
      },
      close,
    };
  };
}

/**
 * Sends at once where that is possible. While something is on its way, the latest message waits until it is through.
 * Where requests carry the messages, that is much of the time.
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
