// Parts of a `ws` WebSocket that are not in its public interface. We use them, as Engine.IO does.
import type { Socket as NetSocket } from 'node:net';
import { Receiver, Sender, WebSocket } from 'ws';

declare module 'ws' {
  class Sender {
    /** The parts of a frame, which are to be written one after the other. */
    static frame(
      payload: Buffer,
      how: {
        readonly opcode: number;
        readonly fin: boolean;
        readonly rsv1: boolean;
        readonly mask: boolean;
        readonly readOnly: boolean;
      },
    ): Buffer[];
    /** Writes the parts of a frame as they are. */
    sendFrame(parts: readonly Buffer[]): void;
  }
  class Receiver {
    /** Bytes that a message may have; a larger one ends the connection before it has come. */
    _maxPayload: number;
  }
}

/** A WebSocket of a server. It has these parts from when it is open, for good. */
export type ServerSocket = {
  readonly readyState: number;
  readonly _socket: NetSocket;
  readonly _sender: Sender;
  readonly _receiver: Receiver;
  on(event: 'ping', listener: () => void): void;
  pause(): void;
  resume(): void;
  terminate(): void;
};

/** @throws Error when the `ws` that is installed lacks a part: messages would be lost, or limits would not hold. */
export function assertParts(): void {
  const socket: object = Reflect.construct(WebSocket, [null, undefined, {}]);
  const there = {
    'WebSocket._socket': '_socket' in socket,
    'WebSocket._sender': '_sender' in socket,
    'WebSocket._receiver': '_receiver' in socket,
    'Sender.frame': 'frame' in Sender,
    'Sender.sendFrame': 'sendFrame' in Sender.prototype,
    'Receiver._maxPayload': '_maxPayload' in new Receiver(),
  };
  const lacking = Object.entries(there).flatMap(([part, is]) => (is ? [] : [part]));
  if (lacking.length > 0) throw new Error(`the installed version of ws has no ${lacking.join(', ')}`);
}
