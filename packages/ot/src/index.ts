// Operational transform for text: operations, buffers, and the state machines of client, server and undo.
export { apply, invert } from './apply.ts';
export { Authority } from './authority.ts';
export { check, checkAgainst, HalfCharacterError, InvalidOpError } from './check.ts';
export {
  acknowledge,
  type Client,
  catchUp,
  edit,
  type LoggedEdit,
  type Outgoing,
  openClient,
  pendingOp,
  refuse,
  remote,
  resend,
  type Sending,
} from './client.ts';
export { restoreClient, type StoredClient, storeClient } from './client-store.ts';
export { ByteReader, ByteWriter } from './codec.ts';
export { compose, composeAll } from './compose.ts';
export { diff, fromEdits, replace, type TextEdit, toEdits } from './edits.ts';
export { hashText } from './hash.ts';
export { diffLines } from './line-diff.ts';
export { baseLength, isNoop, lengthDelta, NOOP, type Op, OpBuilder } from './op.ts';
export { TextBuffer } from './text-buffer.ts';
export { transform, transformOverAll, transformPosition } from './transform.ts';
export { UndoHistory } from './undo.ts';
