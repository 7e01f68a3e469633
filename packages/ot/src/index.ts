// Operational transform for text: operations, buffers, and the state machines of client, server and undo.
export { type Anchor, carryAnchor } from './anchor.ts';
export { apply, invert } from './apply.ts';
export { type Accepted, Authority, DEFAULT_WINDOW, type Refused } from './authority.ts';
export { check, checkAgainst, InvalidOpError } from './check.ts';
export {
  type AwaitingAck,
  type AwaitingAckWithBuffer,
  acknowledge,
  type Client,
  catchUp,
  edit,
  type InFlight,
  type LoggedEdit,
  type Outgoing,
  openClient,
  pendingOp,
  refuse,
  remote,
  resend,
  type Sending,
  type Showing,
  type Synchronized,
  sequel,
} from './client.ts';
export { restoreClient, type StoredClient, storeClient } from './client-store.ts';
export { ByteReader, ByteWriter, decodeOp, decodeOps, encodeOp, encodeOps } from './codec.ts';
export { compose, composeAll } from './compose.ts';
export { diff, fromEdits, replace, type TextEdit, toEdits } from './edits.ts';
export { hashText } from './hash.ts';
export { type Healed, heal } from './heal.ts';
export { baseLength, isNoop, lengthDelta, NOOP, type Op, OpBuilder, type Side, targetLength } from './op.ts';
export { TextBuffer } from './text-buffer.ts';
export { transform, transformOverAll, transformPosition } from './transform.ts';
export { UndoHistory } from './undo.ts';
export type { WindowLimits } from './window.ts';
