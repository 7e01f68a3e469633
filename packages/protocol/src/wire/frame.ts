// Messages that go as bytes. A frame is one message, and its first byte says which kind it is.

/*
 *   bits 0-3   the kind
 *   bits 4-7   for the kind to use
 */
export const EDIT = 1;
export const KEYS = 2;
export const TERMINAL = 3;
/** It goes from client to client only, so no event has it. */
export const PREVIEW = 4;

/** The names of the events that frames come in as, by kind. */
const KINDS: Readonly<Record<number, string>> = { [EDIT]: 'edit', [KEYS]: 'keys', [TERMINAL]: 'terminal' };

const KIND_MASK = 0x0f;
const KIND_BITS = 4;

/** The first byte of a frame; `detail` is from 0 to 15. */
export function headOf(kind: number, detail: number): number {
  return kind | (detail << KIND_BITS);
}

/** What the kind has put into the first byte of its frame. */
export function detailOf(head: number): number {
  return head >>> KIND_BITS;
}

/** The name of the event that a frame comes in as, null for an unknown kind. */
export function frameName(frame: Uint8Array): string | null {
  const [head] = frame;
  return head === undefined ? null : (KINDS[head & KIND_MASK] ?? null);
}
