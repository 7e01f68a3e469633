/** What a room is: its state as a fold over its log, its decisions on commands, who is where in it. Pure. */

export {
  enter,
  type Invited,
  invite,
  type LinkClaim,
} from './admission.ts';
export { carryRange, type Range } from './anchors.ts';
export { catchUp, editsAfter, gapsOf, type LoggedEdit } from './catch-up.ts';
export { carryStretch } from './chat-places.ts';
export { type Change, ClientDocument, type CommandNumbers, type TakenBack } from './client-document.ts';
export { decide, denial } from './decide.ts';
export { type Decision, type Given, NOTHING_GIVEN } from './decision.ts';
export {
  changedOnDisk,
  type DiskCopy,
  diskCopy,
  editedInRoom,
  isBehind,
  refusedByDisk,
  replacedInRoom,
  sendToDisk,
  tookIn,
} from './disk-copy.ts';
export { EditOrder } from './edit-order.ts';
export { type FileEntry, filesDeletedBy, foldersOf, isFolder, treeSize } from './file-tree.ts';
export { RoomFold } from './fold.ts';
export type { FoldedText } from './folded-text.ts';
export { FOLLOWING_NOBODY, type FollowInput, type FollowState, leaderOf, nextFollow } from './follow.ts';
export {
  checkFormat,
  FORMAT,
  parsed,
  readEvent,
  readKeyframe,
  type StoredEvent,
  Unreadable,
} from './format.ts';
export { heardByAll, hostTalkAfter, isHostTalk, keptByAll } from './host-talk.ts';
export { mayDeleteComment, mayResolve } from './nouns/comments.ts';
export { mayGive, mayLead, nextDriver, seatIsForfeit } from './nouns/pairing.ts';
export { whyNoSandbox } from './nouns/runs.ts';
export { EMPTY_ROOM, type RoomState } from './nouns.ts';
export { Others, type PersonActivity, TYPING_MS } from './others.ts';
export { runOf, summaryOf } from './past-run.ts';
export { isOrLiesIn, liesIn, parentOf, placeFor } from './paths.ts';
export { carrySight, carrySpans, type Sight, sameSpans, sightBefore, spanBefore } from './positions.ts';
export { PresenceMap } from './presence.ts';
export { type AuthoredEdit, Previews } from './previews.ts';
export { programPath } from './program-path.ts';
export { blobBytes } from './sizes.ts';
export { sortedFiles } from './sorted-files.ts';
