import { z } from 'zod';
import { BlobRef } from './blobs.ts';
import { Reaction, Stretch } from './chat.ts';
import { Anchor } from './comments.ts';
import { RunConfiguration } from './configurations.ts';
import {
  CommentId,
  ConfigurationId,
  FileId,
  MessageId,
  ParticipantId,
  RunId,
  Seq,
  TerminalId,
} from './ids.ts';
import { FileLanguage, Language } from './languages.ts';
import { PairTimer } from './pairing.ts';
import { type LinkRole, Role } from './participants.ts';
import { WorkFolder } from './rooms.ts';
import type { RunSetup } from './run-setup.ts';
import { type RunWords, runWords } from './run-words.ts';
import { RunEnd, RunPhase, runGiven } from './runs.ts';
import { ShellEnd } from './terminals.ts';

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
  readonly language: FileLanguage | null;
  /** Null for text. */
  readonly blob: BlobRef | null;
  readonly version: number;
  readonly text: string;
  /** Absent where nothing in it is commented on. */
  readonly anchors?: readonly Anchor[] | undefined;
  readonly by: ParticipantId | null;
  /** When it was deleted, Unix milliseconds. */
  readonly at: number;
};

/** A folder that was deleted and can be brought back. */
export type DeletedFolder = {
  readonly path: string;
  /** What lay in it. Some of these may have been brought back since, or are kept no longer. */
  readonly files: readonly FileId[];
  /** The empty folders in it, or itself. */
  readonly empty: readonly string[];
  readonly by: ParticipantId | null;
  /** When it was deleted, Unix milliseconds. */
  readonly at: number;
};

/** What one person typed into a run. `by` is absent in what was kept before it was known. */
export type TypedPiece = {
  readonly stream: 'stdin';
  readonly text: string;
  readonly by?: ParticipantId | null | undefined;
};

/** A piece of a run's transcript, in the order in which it was logged. */
export type RunPiece = RunWords | TypedPiece;

export type Run = {
  readonly id: RunId;
  readonly language: Language;
  readonly entry: FileId;
  readonly by: ParticipantId | null;
  readonly startedAt: number;
  readonly files: readonly { readonly file: FileId; readonly path: string; readonly version: number }[];
  /** The configuration that it was started by, as it was called then. */
  readonly configuration?: { readonly id: ConfigurationId; readonly name: string } | undefined;
  readonly args?: RunSetup['args'] | undefined;
  readonly env?: RunSetup['env'] | undefined;
  /** The file that its input came from. */
  readonly stdin?: FileId | undefined;
  /** Absent: the room's top folder. */
  readonly workFolder?: WorkFolder | undefined;
  readonly phase: RunPhase | 'ended';
  readonly end: RunEnd | null;
  /** Empty with `outputDropped` when the run is too old for the live state. */
  readonly output: readonly RunPiece[];
  readonly outputDropped: boolean;
  /** Who ended the program's input. Absent while more can be typed. */
  readonly inputEnded?: { readonly by: ParticipantId | null } | undefined;
};

export type Terminal = {
  readonly id: TerminalId;
  readonly name: string;
  readonly by: ParticipantId | null;
  /** Only hosts may type into it. */
  readonly locked: boolean;
  /** Counts its shells from 1. */
  readonly shell: number;
  /** How the last of them ended, null while it goes on. */
  readonly end: ShellEnd | null;
};

/** What one person says in a thread. Times are Unix milliseconds. */
export type Comment = {
  readonly id: CommentId;
  readonly by: ParticipantId | null;
  readonly at: number;
  /** When it was last written anew; null: never. */
  readonly editedAt: number | null;
  readonly text: string;
};

/** Comments about one range of a file, which may be gone. Where that is now stands with the file's text. */
export type Thread = {
  readonly id: CommentId;
  readonly file: FileId;
  /** The text that it was about when it began, or the beginning of it. */
  readonly quote: string;
  readonly by: ParticipantId | null;
  readonly resolved: { readonly by: ParticipantId | null; readonly at: number } | null;
  /** In the order in which they were written; at least one. */
  readonly comments: readonly Comment[];
};

/** A message of the chat. */
export type ChatMessage = {
  readonly id: MessageId;
  readonly by: ParticipantId | null;
  /** When it was sent, Unix milliseconds. */
  readonly at: number;
  readonly text: string;
  /** When its text was last changed, Unix milliseconds; null: never. */
  readonly editedAt: number | null;
  /** The file that it points into, and what that was called then. */
  readonly place: { readonly file: FileId; readonly path: string } | null;
  /** In the order in which the first of each came. */
  readonly reactions: readonly { readonly reaction: Reaction; readonly by: readonly ParticipantId[] }[];
};

/** The folded state of a room at `seq`, as JSON. */
export type Keyframe = {
  readonly seq: number;
  readonly name: string;
  readonly language: Language;
  readonly createdAt: number;
  readonly locked: boolean;
  readonly entry: FileId | null;
  readonly workFolder: WorkFolder;
  readonly links: Readonly<Record<LinkRole, number>>;
  readonly members: readonly Member[];
  readonly files: readonly {
    readonly id: FileId;
    readonly path: string;
    /** The one that somebody has chosen; null: its name says it. */
    readonly language: FileLanguage | null;
    /** The content of a file that is no text. Its `text` is empty. */
    readonly blob: BlobRef | null;
    readonly version: number;
    readonly text: string;
    /** Absent where nothing in it is commented on. */
    readonly anchors?: readonly Anchor[] | undefined;
  }[];
  /** Those that can be brought back, the last deleted last. */
  readonly deleted: readonly DeletedFile[];
  /** Paths of the folders that nothing lies in. */
  readonly emptyFolders: readonly string[];
  /** Those that can be brought back, the last deleted last. */
  readonly deletedFolders: readonly DeletedFolder[];
  readonly runs: readonly Run[];
  readonly configurations: readonly RunConfiguration[];
  /** The one that Run takes for everyone; null: a file. */
  readonly pinnedConfiguration: ConfigurationId | null;
  /** In the order in which they were opened. */
  readonly terminals: readonly Terminal[];
  /** Threads of comments, in the order in which they were begun. */
  readonly threads: readonly Thread[];
  /** In the order in which they were sent. */
  readonly messages: readonly ChatMessage[];
  /** What hosts said among themselves. Only the server has it: a keyframe that is sent has nothing here. */
  readonly hostMessages: readonly ChatMessage[];
  /** Where messages point at in files, at the versions of these, in the order of the messages. */
  readonly messagePlaces: readonly (Stretch & { readonly message: MessageId; readonly file: FileId })[];
  /** Who has the driver's seat; null: nobody. */
  readonly driver: ParticipantId | null;
  readonly timer: PairTimer | null;
};

const Version = z.int().min(0);

const StoredMember = z.object({
  id: ParticipantId,
  name: z.string(),
  hue: z.number(),
  role: Role,
  here: z.boolean(),
  removed: z.boolean(),
  asking: z.boolean(),
});

const StoredRun = z.object({
  id: RunId,
  language: Language,
  entry: FileId,
  by: ParticipantId.nullable(),
  startedAt: z.number(),
  files: z.array(z.object({ file: FileId, path: z.string(), version: Version })),
  ...runGiven,
  phase: z.enum([...RunPhase.options, 'ended']),
  end: RunEnd.nullable(),
  output: z.array(
    z.union([
      z.object(runWords),
      z.object({ stream: z.literal('stdin'), text: z.string(), by: ParticipantId.nullable().optional() }),
    ]),
  ),
  outputDropped: z.boolean(),
  inputEnded: z.object({ by: ParticipantId.nullable() }).optional(),
});

const StoredTerminal = z.object({
  id: TerminalId,
  name: z.string(),
  by: ParticipantId.nullable(),
  locked: z.boolean(),
  shell: z.int().min(1),
  end: ShellEnd.nullable(),
});

const StoredThread = z.object({
  id: CommentId,
  file: FileId,
  quote: z.string(),
  by: ParticipantId.nullable(),
  resolved: z.object({ by: ParticipantId.nullable(), at: z.number() }).nullable(),
  comments: z.array(
    z.object({
      id: CommentId,
      by: ParticipantId.nullable(),
      at: z.number(),
      editedAt: z.number().nullable(),
      text: z.string(),
    }),
  ),
});

const StoredMessage = z.object({
  id: MessageId,
  by: ParticipantId.nullable(),
  at: z.number(),
  text: z.string(),
  editedAt: z.number().nullable(),
  place: z.object({ file: FileId, path: z.string() }).nullable(),
  reactions: z.array(z.object({ reaction: Reaction, by: z.array(ParticipantId) })),
});

const storedFile = {
  id: FileId,
  path: z.string(),
  language: FileLanguage.nullable(),
  blob: BlobRef.nullable(),
  version: Version,
  text: z.string(),
  anchors: z.array(Anchor).optional(),
};

/** The shape that a keyframe must have when it is read. */
export const Keyframe: z.ZodType<Keyframe> = z.object({
  seq: Seq,
  name: z.string(),
  language: Language,
  createdAt: z.number(),
  locked: z.boolean(),
  entry: FileId.nullable(),
  workFolder: WorkFolder,
  links: z.object({ editor: z.int(), viewer: z.int() }),
  members: z.array(StoredMember),
  files: z.array(z.object(storedFile)),
  deleted: z.array(z.object({ ...storedFile, by: ParticipantId.nullable(), at: z.number() })),
  emptyFolders: z.array(z.string()),
  deletedFolders: z.array(
    z.object({
      path: z.string(),
      files: z.array(FileId),
      empty: z.array(z.string()),
      by: ParticipantId.nullable(),
      at: z.number(),
    }),
  ),
  runs: z.array(StoredRun),
  configurations: z.array(RunConfiguration),
  pinnedConfiguration: ConfigurationId.nullable(),
  terminals: z.array(StoredTerminal),
  threads: z.array(StoredThread),
  messages: z.array(StoredMessage),
  hostMessages: z.array(StoredMessage),
  messagePlaces: z.array(z.object({ message: MessageId, file: FileId, ...Stretch.shape })),
  driver: ParticipantId.nullable(),
  timer: PairTimer.nullable(),
});
