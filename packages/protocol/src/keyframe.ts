import type { FileId, ParticipantId, RunId } from './ids.ts';
import type { Language } from './languages.ts';
import type { LinkRole, Role } from './participants.ts';
import type { WorkFolder } from './rooms.ts';
import type { RunWords } from './run-words.ts';
import type { RunEnd, RunPhase } from './runs.ts';

/** A member of a room. `here`: at least one client of theirs is connected. */
export type Member = {
  readonly id: ParticipantId;
  readonly name: string;
  readonly hue: number;
  readonly role: Role;
  readonly here: boolean;
  readonly removed: boolean;
  /** Asked for the editor role and was not answered yet. */
  readonly asking: boolean;
};

/** A file that was deleted and can be brought back, as it was then. */
export type DeletedFile = {
  readonly id: FileId;
  readonly path: string;
  readonly version: number;
  readonly text: string;
  readonly by: ParticipantId | null;
  /** When it was deleted, Unix milliseconds. */
  readonly at: number;
};

/** A piece of a run's transcript, in the order in which it was logged. */
export type RunPiece = RunWords | { readonly stream: 'stdin'; readonly text: string };

export type Run = {
  readonly id: RunId;
  readonly language: Language;
  readonly entry: FileId;
  readonly by: ParticipantId | null;
  readonly startedAt: number;
  readonly files: readonly { readonly file: FileId; readonly path: string; readonly version: number }[];
  /** Absent: the room's top folder. */
  readonly workFolder?: WorkFolder;
  readonly phase: RunPhase | 'ended';
  readonly end: RunEnd | null;
  /** Empty with `outputDropped` when the run is too old for the live state. */
  readonly output: readonly RunPiece[];
  readonly outputDropped: boolean;
};

/** The folded state of a room at `seq`, as JSON. */
export type Keyframe = {
  readonly seq: number;
  readonly name: string;
  readonly language: Language;
  readonly createdAt: number;
  readonly locked: boolean;
  /** Absent in rooms that were kept before entries could be pinned. */
  readonly entry?: FileId | null;
  /** Absent in rooms that were kept before it could be chosen. */
  readonly workFolder?: WorkFolder;
  readonly links: Readonly<Record<LinkRole, number>>;
  readonly members: readonly Member[];
  readonly files: readonly {
    readonly id: FileId;
    readonly path: string;
    readonly version: number;
    readonly text: string;
  }[];
  readonly runs: readonly Run[];
  /** Those that can be brought back, the last deleted last. */
  readonly deleted?: readonly DeletedFile[];
};
