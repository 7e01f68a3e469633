// What a terminal's shell has written, on its way to those who watch.
import { ByteReader, ByteWriter, InvalidOpError } from '@codesync/ot';
import { TerminalId } from '../ids.ts';
import { headOf, TERMINAL } from './frame.ts';

/*
 *   byte       bits 0-3 the kind of the frame
 *   text       the id of the terminal
 *   number     which of its shells
 *   number     the place of the first byte in all that the shell has written
 *   bytes      to the end of the frame
 */

/** Most units of an id. */
const ID_UNITS = 22;

export type TerminalFrame = {
  readonly terminal: TerminalId;
  /** Which of the terminal's shells, from 1. */
  readonly shell: number;
  /** The place of the first byte in all that the shell has written. */
  readonly from: number;
  readonly bytes: Uint8Array;
};

export function writeTerminalFrame({ terminal, shell, from, bytes }: TerminalFrame): Uint8Array {
  const head = new ByteWriter();
  head.byte(headOf(TERMINAL, 0));
  head.ascii(terminal);
  head.number(shell);
  head.number(from);
  const start = head.take();
  const frame = new Uint8Array(start.length + bytes.length);
  frame.set(start);
  frame.set(bytes, start.length);
  return frame;
}

/** Null for a frame that cannot be read. The bytes are a part of it. */
export function readTerminalFrame(frame: Uint8Array): TerminalFrame | null {
  try {
    const reader = new ByteReader(frame);
    reader.byte();
    const terminal = TerminalId.safeParse(reader.ascii(ID_UNITS));
    const shell = reader.number();
    const from = reader.number();
    if (!terminal.success || shell === 0) return null;
    return { terminal: terminal.data, shell, from, bytes: frame.subarray(frame.length - reader.left) };
  } catch (error) {
    if (error instanceof InvalidOpError) return null;
    throw error;
  }
}
