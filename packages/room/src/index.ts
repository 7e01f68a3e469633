/** What a room is: its state as a fold over its log, its decisions on commands, who is where in it. Pure. */
export {
  enter,
  type Invited,
  invite,
  type LinkClaim,
} from './admission.ts';
export { catchUp, editsAfter, gapsOf, type LoggedEdit } from './catch-up.ts';
export { type Change, ClientDocument, type CommandNumbers, type TakenBack } from './client-document.ts';
export { decide, denial } from './decide.ts';
export { type Decision, type Given, NOTHING_GIVEN } from './decision.ts';
export { EditOrder } from './edit-order.ts';
export { type FileEntry, filesDeletedBy, foldersOf } from './file-tree.ts';
export { RoomFold } from './fold.ts';
export type { FoldedText } from './folded-text.ts';
export {
  checkFormat,
  FORMAT,
  parsed,
  readEvent,
  readKeyframe,
  type StoredEvent,
  Unreadable,
} from './format.ts';

export { EMPTY_ROOM, type RoomState } from './nouns.ts';
export { runOf, summaryOf } from './past-run.ts';
export { isOrLiesIn, liesIn, parentOf } from './paths.ts';
export { PresenceMap } from './presence.ts';
export { sortedFiles } from './sorted-files.ts';
