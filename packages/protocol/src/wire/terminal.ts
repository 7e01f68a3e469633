// What a terminal's shell has written, on its way to those who watch.
import { ByteReader, ByteWriter, InvalidOpError } from '@codesync/ot';
import { TerminalId } from '../ids.ts';
import { headOf, TERMINAL } from './frame.ts';

/*
 *   byte       bits 0-3 the kind of the frame
 *   text       the id of the terminal
 *   number     which of its shells
 *   number     the place of the first byte in all that the shell has written
 *   number     the newest `type` of this client's own that is taken, by its number; 0: no newer one
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
  /**
   * The number of the newest `type` of the receiver's own whose echo is in the output up to the end of these bytes, if it
   * has one. 0 where that is nothing new.
   */
  readonly typed: number;
  /** None where only `typed` is news. */
  readonly bytes: Uint8Array;
};

export function writeTerminalFrame({ terminal, shell, from, typed, bytes }: TerminalFrame): Uint8Array {
  const head = new ByteWriter();
  head.byte(headOf(TERMINAL, 0));
  head.ascii(terminal);
  head.number(shell);
  head.number(from);
  head.number(typed);
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
    const typed = reader.number();
    if (!terminal.success || shell === 0) return null;
    return { terminal: terminal.data, shell, from, typed, bytes: frame.subarray(frame.length - reader.left) };
  } catch (error) {
    if (error instanceof InvalidOpError) return null;
    throw error;
  }
}
