/**
 * Terminals: shells in the room's workspace that everyone in the room sees. Which terminals there are is in the log.
 * What they show is not: it goes to those who watch, beside the log.
 */
import { z } from 'zod';
import { type ParticipantId, TerminalId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { WellFormedText } from './text.ts';

export const TerminalName = WellFormedText.trim().min(1).max(LIMITS.nameUnits);

const terminal = { terminal: TerminalId };

export const OpenTerminal = z.strictObject({
  kind: z.literal('terminal.open'),
  ...terminal,
  name: TerminalName,
});
export const RenameTerminal = z.strictObject({
  kind: z.literal('terminal.rename'),
  ...terminal,
  name: TerminalName,
});
/** Let only hosts type into it, or everyone who may edit. */
export const LockTerminal = z.strictObject({
  kind: z.literal('terminal.lock'),
  ...terminal,
  locked: z.boolean(),
});
/** Start a new shell in a terminal whose shell has ended. */
export const RestartTerminal = z.strictObject({ kind: z.literal('terminal.restart'), ...terminal });
/** End its shell, and take it away from everyone. */
export const CloseTerminal = z.strictObject({ kind: z.literal('terminal.close'), ...terminal });

export const TerminalOpened = z.object({
  kind: z.literal('terminal.opened'),
  ...terminal,
  name: z.string(),
});
export const TerminalRenamed = z.object({
  kind: z.literal('terminal.renamed'),
  ...terminal,
  name: z.string(),
});
export const TerminalLocked = z.object({
  kind: z.literal('terminal.locked'),
  ...terminal,
  locked: z.boolean(),
});
export const TerminalRestarted = z.object({ kind: z.literal('terminal.restarted'), ...terminal });
export const TerminalClosed = z.object({ kind: z.literal('terminal.closed'), ...terminal });

/** How a shell ended. */
export const ShellEnd = z.object({
  /** Its exit code, null when it had none. */
  exitCode: z.int().nullable(),
  /** The signal's name, such as SIGKILL. Null when no signal ended it. */
  signal: z.string().nullable(),
  /** A sentence for people where code and signal do not say it. */
  message: z.string().optional(),
});
export type ShellEnd = z.infer<typeof ShellEnd>;
export const ShellEnded = ShellEnd.extend({ kind: z.literal('terminal.ended'), ...terminal });

/** The size of a terminal in characters. */
export const TerminalSize = z.strictObject({ cols: z.int().min(2).max(500), rows: z.int().min(1).max(300) });
export type TerminalSize = z.infer<typeof TerminalSize>;

/** No terminal is smaller, whatever its driver's screen: most of what is written for terminals fits into this. */
export const LEAST_SIZE: TerminalSize = { cols: 80, rows: 12 };

/** What a client says of a terminal beside its commands. */
export const TerminalMessage = z.discriminatedUnion('kind', [
  /**
   * Begin to watch it, or send its screen again: `terminalScreen` is the answer. `size` is what this client has room
   * for. It counts while this client is the one that typed last.
   */
  z.strictObject({ kind: z.literal('watch'), ...terminal, size: TerminalSize }),
  z.strictObject({ kind: z.literal('unwatch'), ...terminal }),
  z.strictObject({ kind: z.literal('size'), ...terminal, size: TerminalSize }),
  /**
   * Keys for the shell that is the `shell`th of its terminal. They are never kept. `number` counts up, from message to
   * message. The client is told by it how far its keys have come: see `TerminalFrame`.
   */
  z.strictObject({
    kind: z.literal('type'),
    ...terminal,
    shell: z.int().min(1),
    number: z.int().min(1),
    text: WellFormedText.min(1).max(LIMITS.terminalInputUnits),
  }),
  /** The client has drawn the first `upTo` bytes of that shell's output. */
  z.strictObject({ kind: z.literal('read'), ...terminal, shell: z.int().min(1), upTo: z.int().min(0) }),
]);
export type TerminalMessage = z.infer<typeof TerminalMessage>;

/**
 * Why a file or a folder of the workspace is on its disk only.
 *
 * - `binary`: it is no text.
 * - `large`: it is longer than a file of a room may be.
 * - `name`: a room cannot have its path.
 * - `case`: its path differs only in capitals from one that the room has.
 * - `room`: the room has as many files, or as much text, as it may have.
 * - `full`: the disk is full, and lacks what the room has of the file.
 * - `role`: whoever typed into a terminal last may not edit.
 * - `failed`: it could not be read or written.
 */
export type ApartReason = 'large' | 'name' | 'case' | 'room' | 'full' | 'role' | 'failed';

/** A file or a folder that is on the disk only. Any program chose the path: it may have any character but NUL. */
export type DiskApart = { readonly path: string; readonly why: ApartReason };

/** What is on the disk of the room's workspace only. `count` is how many; `apart` has `LIMITS.apartTold` of them at most. */
export type DiskState = { readonly apart: readonly DiskApart[]; readonly count: number };

/** Nothing is on the disk only, or there is no workspace. */
export const NOTHING_APART: DiskState = { apart: [], count: 0 };

/** What becomes of a shell before it says anything, and then what has happened around it, as a sentence for a person. */
export type ShellPhase =
  | { readonly kind: 'starting' }
  /** All places for workspaces are taken; `position` is 1 for the next. */
  | { readonly kind: 'queued'; readonly position: number }
  | { readonly kind: 'running'; readonly note?: string };

/** What is told of a terminal beside its bytes. */
export type TerminalState = {
  readonly terminal: TerminalId;
  readonly shell: number;
  readonly phase: ShellPhase;
  readonly size: TerminalSize;
  /** Who typed last, and so whose size it has. */
  readonly driver: ParticipantId | null;
};

/**
 * All of a terminal at one moment. Written into an empty terminal of that size, `screen` draws it; what comes next are
 * the bytes from `at` on.
 */
export type TerminalScreen = TerminalState & { readonly screen: string; readonly at: number };
