/**
 * The frames between the runner and the agent in a sandbox: the payload's length in four bytes, the channel in two
 * (both big endian), one type byte, the payload. What a type means is its channel's affair. `sandbox/agent/frame.go` is
 * the other end; `sandbox/agent/testdata/frames.json` holds frames that both ends must read and write alike. Pure:
 * bytes in, frames out.
 */

import { RunEndReason, RunLimit } from '@codesync/protocol';
import { z } from 'zod';

/** The channel of the run, whose types follow. */
export const RUN_CHANNEL = 0;

/** Runner → agent. */
export const TO_AGENT = {
  start: 'S',
  binary: 'B',
  /** The path of a file that is no text, ahead of START. Its bytes follow, in any number of frames. */
  file: 'N',
  bytes: 'D',
  stdin: 'I',
  stdinEnd: 'E',
  stop: 'K',
} as const;

/** Agent → runner. */
export const FROM_AGENT = {
  ready: 'R',
  phase: 'P',
  stdout: 'O',
  stderr: 'X',
  exit: 'Z',
  binary: 'B',
} as const;

/** Runner → agent, on the channel of a terminal. The sizes are columns and rows, two bytes each. */
export const TO_TERMINAL = { open: 'T', input: 'I', resize: 'W', read: 'A', hangUp: 'H' } as const;

/** Agent → runner, on the channel of a terminal. What `output` carries is read by `terminalOutputOf`. */
export const FROM_TERMINAL = { output: 'O', ended: 'Z' } as const;

/** The channel of a workspace's files. */
export const FILES_CHANNEL = 0;

/** Runner → agent, on the channel of the files. JSON of a `FilesCommand` without its `workspace`. */
export const TO_FILES = { command: 'F' } as const;

/** Agent → runner, on the channel of the files. JSON of a `FilesEvent` without its `workspace`. */
export const FROM_FILES = { event: 'F' } as const;

export const HEADER_BYTES = 7;
const CHANNEL_AT = 4;
const TYPE_AT = 6;
/** Larger than the largest binary that the agent sends; more means that the stream is not the agent's. */
export const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

export type Frame = { readonly channel: number; readonly type: string; readonly payload: Buffer };

/** One frame as bytes; `channel` is 0 to 65,535, `type` one ASCII character. */
export function encodeFrame(channel: number, type: string, payload: Buffer | string = ''): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const frame = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  putHeader(frame, channel, type, body.length);
  body.copy(frame, HEADER_BYTES);
  return frame;
}

/** What goes ahead of a payload of so many bytes. */
export function encodeHeader(channel: number, type: string, length: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  putHeader(header, channel, type, length);
  return header;
}

function putHeader(frame: Buffer, channel: number, type: string, length: number): void {
  frame.writeUInt32BE(length, 0);
  frame.writeUInt16BE(channel, CHANNEL_AT);
  frame[TYPE_AT] = type.charCodeAt(0);
}

/**
 * Cuts a byte stream into frames. `push` returns the frames that are whole so far; payloads may share memory
 * with the pushed chunk. Throws on a frame that is larger than any the agent makes.
 */
export class FrameDecoder {
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Bytes that must be there before anything can be cut: a header, or a whole frame. */
  #needed = HEADER_BYTES;

  push(chunk: Buffer): Frame[] {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    const frames: Frame[] = [];
    if (this.#heldBytes < this.#needed) return frames;
    const bytes = this.#held.length === 1 ? chunk : Buffer.concat(this.#held);
    let at = 0;
    this.#needed = HEADER_BYTES;
    while (bytes.length - at >= HEADER_BYTES) {
      const length = bytes.readUInt32BE(at);
      if (length > MAX_PAYLOAD_BYTES) throw new Error(`a frame of ${length} bytes`);
      const end = at + HEADER_BYTES + length;
      if (bytes.length < end) {
        this.#needed = HEADER_BYTES + length;
        break;
      }
      frames.push({
        channel: (bytes[at + CHANNEL_AT]! << 8) | bytes[at + CHANNEL_AT + 1]!,
        type: String.fromCharCode(bytes[at + TYPE_AT]!),
        payload: bytes.subarray(at + HEADER_BYTES, end),
      });
      at = end;
    }
    const rest = bytes.subarray(at);
    this.#held = rest.length > 0 ? [rest] : [];
    this.#heldBytes = rest.length;
    return frames;
  }
}

/** Bytes of a terminal's `output` ahead of what its shell wrote. */
const TAKEN_BYTES = 8;

/**
 * What a terminal's `output` carries: how many bytes of its input were taken long enough ago for their echo to be in the
 * output up to here, and the output. Null for a payload that is too short.
 */
export function terminalOutputOf(payload: Buffer): { readonly taken: number; readonly bytes: Buffer } | null {
  if (payload.length < TAKEN_BYTES) return null;
  return { taken: Number(payload.readBigUInt64BE(0)), bytes: payload.subarray(TAKEN_BYTES) };
}

/** The payload of an EXIT frame: see `exitMessage` in `sandbox/agent/messages.go`. */
export const agentExit = z.object({
  reason: RunEndReason,
  code: z.number().int().min(0).max(255).nullable(),
  signal: z.string(),
  limits: z.array(z.object({ limit: RunLimit, times: z.number().int().positive() })).default([]),
  wallMs: z.number().nonnegative(),
  compileMs: z.number().nonnegative(),
  cpuMs: z.number().nonnegative(),
  peakBytes: z.number().int().nonnegative(),
  compiling: z.boolean(),
  truncatedOut: z.number().int().nonnegative(),
  truncatedErr: z.number().int().nonnegative(),
  stdinDropped: z.number().int().nonnegative(),
  message: z.string(),
  binary: z.boolean(),
});
export type AgentExit = z.infer<typeof agentExit>;

/** The payload of a terminal's end: see `terminalEnd` in `sandbox/agent/terminal.go`. */
export const agentTerminalEnd = z.object({
  code: z.number().int().min(0).max(255).nullable(),
  signal: z.string(),
  message: z.string(),
});

/** The payload of START: see `startMessage` in `sandbox/agent/messages.go`. */
export type AgentStart = {
  readonly entry: string;
  /** Where the program stands: empty for the workspace itself. */
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly limits: {
    readonly wallMs: number;
    readonly cpuMs: number;
    readonly compileMs: number;
    readonly keptBytes: number;
    readonly floodBytes: number;
    readonly stdinBytes: number;
    readonly binaryBytes: number;
  };
};
