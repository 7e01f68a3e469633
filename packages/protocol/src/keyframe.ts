import { z } from 'zod';
import { RunConfiguration } from './configurations.ts';
import { ConfigurationId, FileId, ParticipantId, RunId, Seq, TerminalId } from './ids.ts';
import { Language } from './languages.ts';
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
  readonly version: number;
  readonly text: string;
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
    readonly version: number;
    readonly text: string;
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
  files: z.array(z.object({ id: FileId, path: z.string(), version: Version, text: z.string() })),
  deleted: z.array(
    z.object({
      id: FileId,
      path: z.string(),
      version: Version,
      text: z.string(),
      by: ParticipantId.nullable(),
      at: z.number(),
    }),
  ),
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
});
