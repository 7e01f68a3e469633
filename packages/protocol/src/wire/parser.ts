// How Socket.IO writes and reads an event: as a frame of bytes for what is sent most, else as its own JSON.
import type { Command } from '../commands.ts';
import { type EditCommand, EditWriter } from './edit.ts';
import { frameName } from './frame.ts';

/** A packet of Socket.IO (its protocol, revision 5). */
type Packet = {
  type: number;
  nsp: string;
  data?: unknown;
  id?: number;
};

/** Packet type 2. */
const EVENT = 2;
const MAIN_NAMESPACE = '/';

type PacketEncoder = { encode(packet: Packet): unknown[] };

type PacketDecoder = {
  add(data: unknown): void;
  destroy(): void;
  on(event: 'decoded', listener: (packet: Packet) => void): unknown;
  emit(event: 'decoded', packet: Packet): unknown;
};

/** What Socket.IO takes as its `parser`. */
export type PacketParser = {
  readonly Encoder: new () => PacketEncoder;
  readonly Decoder: new () => PacketDecoder;
};

/**
 * The parser for both ends. A command that is an edit goes as a frame. A frame that comes in becomes an event
 * with the name of its kind. The event's parameter is the whole frame, unread; whoever listens reads it. A
 * frame of an unknown kind becomes an event that nobody listens to.
 *
 * @param json `socket.io-parser`
 */
export function wireParser(json: PacketParser): PacketParser {
  class Encoder extends json.Encoder {
    #edits = new EditWriter();

    override encode(packet: Packet): unknown[] {
      const edit = editOf(packet);
      if (edit !== null) return [this.#edits.write(edit)];
      // A new connection has heard of no file.
      if (isJoin(packet)) this.#edits = new EditWriter();
      return super.encode(packet);
    }
  }

  class Decoder extends json.Decoder {
    override add(data: unknown): void {
      const frame = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
      if (!(frame instanceof Uint8Array)) super.add(data);
      else {
        const event = [frameName(frame) ?? 'unknown frame', frame];
        this.emit('decoded', { type: EVENT, nsp: MAIN_NAMESPACE, data: event });
      }
    }
  }

  return { Encoder, Decoder };
}

/** The edit that a packet carries as a command, null for any other. */
function editOf({ type, data }: Packet): EditCommand | null {
  return type === EVENT && Array.isArray(data) && data[0] === 'command' && isEdit(data[1]) ? data[1] : null;
}

/** @param command of the type that its sender gives it. */
function isEdit(command: Partial<Command> | undefined): command is EditCommand {
  return command?.body?.kind === 'edit';
}

function isJoin({ type, data }: Packet): boolean {
  return type === EVENT && Array.isArray(data) && data[0] === 'join';
}
