// What becomes of an edit that the server refused. Pure.
import type { RefusalCode } from '@codesync/protocol';

/**
 * - `retry`: it is fine, only not now
 * - `resend`: it is fine, and goes again after the next join
 * - `reload`: this copy of the room is not the server's. It is fetched whole, and what is pending is carried over
 * - `undo`: this edit will never be taken. What was typed after it may be
 * - `undo-all`: nothing that is pending in the file will ever be taken
 */
export type Remedy = 'retry' | 'resend' | 'reload' | 'undo' | 'undo-all';

export function remedyFor(code: RefusalCode): Remedy {
  switch (code) {
    case 'rate.exceeded':
    case 'storage.unavailable':
    case 'storage.full':
    case 'room.unavailable':
    case 'room.newer':
    case 'room.damaged':
      return 'retry';
    case 'protocol.unjoined':
      return 'resend';
    case 'edit.future':
      return 'reload';
    case 'role.viewer':
    case 'room.removed':
    case 'file.unknown':
      return 'undo-all';
    default:
      return 'undo';
  }
}
