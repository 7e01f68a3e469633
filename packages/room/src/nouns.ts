// All nouns of a room, in one table for each thing that they do. A new noun is one line in each. Pure.
import type { CommandKind, EventKind, FileId, Keyframe, ParticipantId, RoomEvent } from '@codesync/protocol';
import type { Decision, Given } from './decision.ts';
import type { FilesPart } from './file-tree.ts';
import type { FoldedText, FoldedTexts } from './folded-text.ts';
import type { CommandOf, Decide, Decided, EventOf, Fold } from './noun.ts';
import { type ChatPart, chat } from './nouns/chat.ts';
import { type CommentsPart, comments } from './nouns/comments.ts';
import { type ConfigurationsPart, configurations } from './nouns/configurations.ts';
import { edits } from './nouns/edits.ts';
import { files } from './nouns/files.ts';
import { type PairingPart, pairing } from './nouns/pairing.ts';
import { type MembersPart, participants } from './nouns/participants.ts';
import { type RoomPart, rooms } from './nouns/rooms.ts';
import { type RunsPart, runs } from './nouns/runs.ts';
import { type TerminalsPart, terminals } from './nouns/terminals.ts';

/**
 * Everything about a room that changes rarely: an immutable value that a page can compare by identity. A change makes
 * a new object along the changed path and leaves the rest as it was.
 */
export type RoomState = RoomPart &
  MembersPart &
  FilesPart &
  RunsPart &
  ConfigurationsPart &
  TerminalsPart &
  CommentsPart &
  ChatPart &
  PairingPart;

export const EMPTY_ROOM: RoomState = {
  ...rooms.empty,
  ...participants.empty,
  ...files.empty,
  ...runs.empty,
  ...configurations.empty,
  ...terminals.empty,
  ...comments.empty,
  ...chat.empty,
  ...pairing.empty,
};

const FOLD: { readonly [Kind in EventKind]: Fold<RoomState, Kind> } = {
  ...rooms.fold,
  ...participants.fold,
  ...files.fold,
  ...edits.fold,
  ...runs.fold,
  ...configurations.fold,
  ...terminals.fold,
  ...comments.fold,
  ...chat.fold,
  ...pairing.fold,
};

const DECIDE: { readonly [Kind in CommandKind]: Decide<RoomState, Kind> } = {
  ...rooms.decide,
  ...participants.decide,
  ...files.decide,
  ...edits.decide,
  ...runs.decide,
  ...configurations.decide,
  ...terminals.decide,
  ...comments.decide,
  ...chat.decide,
  ...pairing.decide,
};

/** The state after one event. Throws when the event does not fit, or is of no known kind. */
export function foldEvent<Kind extends EventKind>(
  state: RoomState,
  body: EventOf<Kind>,
  event: Pick<RoomEvent, 'at' | 'actor'>,
  texts: FoldedTexts,
): RoomState {
  if (!Object.hasOwn(FOLD, body.kind)) throw new Error(`no noun folds events of kind "${body.kind}"`);
  const fold: Fold<RoomState, Kind> = FOLD[body.kind];
  return fold(state, body, event, texts);
}

/** Decides on a command whose sender may give it. */
export function decideCommand<Kind extends CommandKind>(
  room: Decided<RoomState>,
  actor: ParticipantId,
  command: CommandOf<Kind>,
  given: Given,
): Decision {
  const decide: Decide<RoomState, Kind> = DECIDE[command.kind];
  return decide(room, actor, command, given);
}

/** A room as JSON, without its place in the log. */
export function keyframeOf(state: RoomState, texts: ReadonlyMap<FileId, FoldedText>): Omit<Keyframe, 'seq'> {
  return {
    ...rooms.toKeyframe(state, texts),
    ...participants.toKeyframe(state, texts),
    ...files.toKeyframe(state, texts),
    ...runs.toKeyframe(state, texts),
    ...configurations.toKeyframe(state, texts),
    ...terminals.toKeyframe(state, texts),
    ...comments.toKeyframe(state, texts),
    ...chat.toKeyframe(state, texts),
    ...pairing.toKeyframe(state, texts),
  };
}

/** Reads the state from JSON. Puts the texts into `texts`. */
export function stateOf(keyframe: Keyframe, texts: FoldedTexts): RoomState {
  return {
    ...rooms.fromKeyframe(keyframe, texts),
    ...participants.fromKeyframe(keyframe, texts),
    ...files.fromKeyframe(keyframe, texts),
    ...runs.fromKeyframe(keyframe, texts),
    ...configurations.fromKeyframe(keyframe, texts),
    ...terminals.fromKeyframe(keyframe, texts),
    ...comments.fromKeyframe(keyframe, texts),
    ...chat.fromKeyframe(keyframe, texts),
    ...pairing.fromKeyframe(keyframe, texts),
  };
}

const NOUNS = { rooms, participants, files, edits, runs, configurations, terminals, comments, chat, pairing };
type Nouns = typeof NOUNS;

/** The kinds that two nouns claim in one of the tables. */
type Shared<Table extends 'fold' | 'decide'> = {
  [A in keyof Nouns]: keyof Nouns[A][Table] & KindsBut<A, Table>;
}[keyof Nouns];
type KindsBut<A extends keyof Nouns, Table extends 'fold' | 'decide'> = {
  [B in Exclude<keyof Nouns, A>]: keyof Nouns[B][Table];
}[Exclude<keyof Nouns, A>];
type None<Kind extends never> = Kind;
/**
 * Does not compile where two nouns claim one kind.
 * @public for the compiler alone
 */
export type NoSharedKinds = None<Shared<'fold'> | Shared<'decide'>>;
