// How Socket.IO writes and reads an event: as a frame of bytes for what is sent most, else as its own JSON.
import type { Command } from '../commands.ts';
import type { FileId } from '../ids.ts';
import type { FollowingText, JoinReply } from '../socket.ts';
import { type EditCommand, EditWriter } from './edit.ts';
import { textsAfter, withTexts } from './following-texts.ts';
import { frameName } from './frame.ts';

/** A packet of Socket.IO (its protocol, revision 5). */
type Packet = {
  type: number;
  nsp: string;
  data?: unknown;
  id?: number;
};

/** Packet types 2 and 3. */
const EVENT = 2;
const ACK = 3;
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

/** A welcome whose texts are still to come, and what came after it. */
type Unfinished = {
  readonly welcome: Packet;
  readonly reply: Extract<JoinReply, { ok: true }>;
  readonly texts: Map<FileId, string>;
  left: number;
  readonly held: Packet[];
};

/**
 * The parser of a client. It puts the texts that follow a welcome into it. What comes meanwhile is told after it, but for
 * the messages `texts`, by which one sees that it goes on.
 *
 * @param json as for `wireParser`
 */
export function clientParser(json: PacketParser): PacketParser {
  const { Encoder, Decoder: Plain } = wireParser(json);

  class Decoder extends Plain {
    readonly #packets = new Plain();
    #unfinished: Unfinished | null = null;

    constructor() {
      super();
      this.#packets.on('decoded', (packet) => this.#take(packet));
    }

    override add(data: unknown): void {
      this.#packets.add(data);
    }

    override destroy(): void {
      this.#packets.destroy();
      this.#unfinished = null;
      super.destroy();
    }

    #take(packet: Packet): void {
      const unfinished = this.#unfinished;
      const texts = textsOf(packet);
      if (unfinished === null) this.#begin(packet);
      else if (texts === null) unfinished.held.push(packet);
      else {
        for (const { file, text } of texts) unfinished.texts.set(file, text);
        unfinished.left--;
        this.emit('decoded', packet);
        if (unfinished.left === 0 && this.#unfinished === unfinished) this.#finish(unfinished);
      }
    }

    #begin(packet: Packet): void {
      const reply = replyOf(packet);
      const left = reply === null ? 0 : textsAfter(reply);
      if (left === 0 || !reply?.ok) this.emit('decoded', packet);
      else this.#unfinished = { welcome: packet, reply, texts: new Map(), left, held: [] };
    }

    #finish({ welcome, reply, texts, held }: Unfinished): void {
      const { state } = reply;
      if (state.kind !== 'keyframe') return;
      const whole = {
        ...reply,
        state: { ...state, keyframe: withTexts(state.keyframe, texts), following: 0 },
      };
      this.#unfinished = null;
      this.emit('decoded', { ...welcome, data: [whole] });
      for (const packet of held) this.#take(packet);
    }
  }

  return { Encoder, Decoder };
}

/** The answer to a join that a packet may be. */
function replyOf({ type, data }: Packet): JoinReply | null {
  if (type !== ACK || !Array.isArray(data)) return null;
  const reply: Partial<JoinReply & { state: unknown }> | null | undefined = data[0];
  return reply?.ok === true && reply.state !== undefined ? (reply as JoinReply) : null;
}

function textsOf({ type, data }: Packet): readonly FollowingText[] | null {
  return type === EVENT && Array.isArray(data) && data[0] === 'texts' ? data[1] : null;
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
