// The shape of a noun: a part of what a room is, the events that change it, and the commands that ask for them. Pure.
import type {
  CommandBody,
  CommandKind,
  EventBody,
  EventKind,
  FileId,
  Keyframe,
  ParticipantId,
  RoomEvent,
} from '@codesync/protocol';
import type { Decision, Given } from './decision.ts';
import type { EditOrder } from './edit-order.ts';
import type { FoldedText, FoldedTexts } from './folded-text.ts';

/** The events of some kinds. Each is tied to its kind, so that a table of handlers can be called with one. */
export type EventOf<Kind extends EventKind = EventKind> = { [K in Kind]: EventMap[K] & Tagged<K> }[Kind];
/** The commands of some kinds, as `EventOf`. */
export type CommandOf<Kind extends CommandKind = CommandKind> = {
  [K in Kind]: CommandMap[K] & Tagged<K>;
}[Kind];

type EventMap = { [Body in EventBody as Body['kind']]: Body };
type CommandMap = { [Body in CommandBody as Body['kind']]: Body };
type Tagged<Kind> = { readonly kind: Kind };

/**
 * Folds one event. Returns the state after it, with only the noun's own part changed. The state itself is
 * immutable. Throws when the event does not fit: the log is then damaged.
 */
export type Fold<Part, Kind extends EventKind> = <State extends Part>(
  state: State,
  body: EventOf<Kind>,
  event: Pick<RoomEvent, 'at' | 'actor'>,
  texts: FoldedTexts,
) => State;

/** A room as a decision sees it: no more of its state than `State`. */
export type Decided<State> = {
  readonly fold: { readonly state: State; readonly texts: ReadonlyMap<FileId, FoldedText> };
  readonly order: EditOrder;
};

/** Decides on a command whose sender may give it. Same arguments, same decision; nothing changes. */
export type Decide<State, Kind extends CommandKind> = (
  room: Decided<State>,
  actor: ParticipantId,
  command: CommandOf<Kind>,
  given: Given,
) => Decision;

/** The types of one noun. */
type NounTypes = {
  /** Its part of `RoomState`. */
  part: object;
  /** Its fields of a keyframe. */
  kept: keyof Keyframe;
  events: EventKind;
  commands: CommandKind;
  /** What its decisions look at, which may be other nouns' too. */
  sees: object;
};

export type Noun<Types extends NounTypes> = {
  /** Its part of a room whose log is empty. */
  readonly empty: Types['part'];
  readonly fold: { readonly [Kind in Types['events']]: Fold<Types['part'], Kind> };
  readonly decide: { readonly [Kind in Types['commands']]: Decide<Types['sees'], Kind> };
  /** Its part as JSON. */
  readonly toKeyframe: (
    part: Types['part'],
    texts: ReadonlyMap<FileId, FoldedText>,
  ) => Pick<Keyframe, Types['kept']>;
  /** Reads its part from JSON. Puts the texts into `texts`. */
  readonly fromKeyframe: (keyframe: Pick<Keyframe, Types['kept']>, texts: FoldedTexts) => Types['part'];
};
