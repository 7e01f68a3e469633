/**
 * What the server and the runner say to each other of workspaces and their terminals. The transport is that of runs:
 * see runner.ts.
 *
 * Order within one workspace: `workspace.phase` queued* → `workspace.phase` ready → events of its files and terminals, and
 * `workspace.memory` → `workspace.ended`. No terminal starts before `workspace.begin`, so that a shell finds the room's files. There is
 * exactly one `workspace.ended` for every `workspace.open` that carries a fresh id, whatever happens, and nothing follows
 * it. A connection that closes closes its workspaces. `workspace.begin` and what is said of files goes nowhere before
 * `ready`.
 *
 * Order within one terminal: `terminal.output`* → `terminal.ended`. There is exactly one `terminal.ended` for every
 * `terminal.open` that is taken, before its workspace's end, and nothing follows it. Its number may be used again then.
 * A `terminal.open` with a number that is in use is answered with a `problem`. What is said to a workspace or a terminal
 * that is not there is left alone: it may have ended a moment ago.
 */
import { z } from 'zod';
import { WorkspaceId } from './ids.ts';
import { filesEvent } from './workspace-files.ts';

/** Bytes, and counts. */
export const WORKSPACE_LIMITS = {
  cols: { min: 2, max: 500 },
  rows: { min: 1, max: 300 },
  /** The most in one `terminal.input`, and the most that waits for a program that does not read. */
  inputBytes: 64 * 1024,
  /** A terminal is not read on while more output than `pauseBytes` is unread, until `resumeBytes` or less are. */
  pauseBytes: 100_000,
  resumeBytes: 5_000,
  /** Open at a time in one workspace. */
  terminals: 32,
  /** Workspaces that wait for a sandbox: all together, and those from one network address. */
  queue: 100,
  queuePerNetwork: 50,
} as const;

/** The longest base64 of so many bytes. */
const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4;

const id = z.string().min(1).max(128);
const workspace = WorkspaceId;
/** Chosen by the server. */
const terminal = z.int().min(1).max(65_535);
const cols = z.int().min(WORKSPACE_LIMITS.cols.min).max(WORKSPACE_LIMITS.cols.max);
const rows = z.int().min(WORKSPACE_LIMITS.rows.min).max(WORKSPACE_LIMITS.rows.max);
const offset = z.int().nonnegative();

/** Opens a room's workspace. `network` is the address that it was asked for from: see `runnerStart`. */
export const workspaceOpen = z.object({
  type: z.literal('workspace.open'),
  workspace,
  room: id,
  network: id,
});
export type WorkspaceOpen = z.infer<typeof workspaceOpen>;

/** Ends a workspace and all that runs in it. One that is unknown or over is left alone. */
export const workspaceClose = z.object({ type: z.literal('workspace.close'), workspace });

/** The files are there: terminals start, those that were opened already and those that will be. */
export const workspaceBegin = z.object({ type: z.literal('workspace.begin'), workspace });

/** Opens a terminal with a shell in it. One that is opened before `workspace.begin` starts then. */
export const terminalOpen = z.object({ type: z.literal('terminal.open'), workspace, terminal, cols, rows });
export type TerminalOpen = z.infer<typeof terminalOpen>;

/**
 * Keys. Up to `inputBytes` wait for a program that does not read. A message that does not fit is dropped whole, since
 * half of a command may do harm. The terminal then rings its bell (a BEL in its output), as the kernel does when its own
 * queue is full. A Ctrl-C alone goes past what waits, which is dropped, as the kernel does with its own queue.
 */
export const terminalInput = z.object({
  type: z.literal('terminal.input'),
  workspace,
  terminal,
  bytes: z.base64().max(base64Length(WORKSPACE_LIMITS.inputBytes)),
});

export const terminalResize = z.object({
  type: z.literal('terminal.resize'),
  workspace,
  terminal,
  cols,
  rows,
});

/** The server has taken in the first `upTo` bytes of the terminal's output. */
export const terminalRead = z.object({ type: z.literal('terminal.read'), workspace, terminal, upTo: offset });

/**
 * Hangs up: SIGHUP to the processes of the terminal's session, SIGKILL to what is left of them after a second. There may
 * be output on the way, none of which has to be read.
 */
export const terminalClose = z.object({ type: z.literal('terminal.close'), workspace, terminal });

/** What the server says of one terminal that is open. */
export const terminalCommand = z.discriminatedUnion('type', [
  terminalInput,
  terminalResize,
  terminalRead,
  terminalClose,
]);
export type TerminalCommand = z.infer<typeof terminalCommand>;

/** `position` is 1 for the workspace that is next. */
export const workspacePhase = z.discriminatedUnion('phase', [
  z.object({
    type: z.literal('workspace.phase'),
    workspace,
    phase: z.literal('queued'),
    position: z.int().min(1),
  }),
  z.object({ type: z.literal('workspace.phase'), workspace, phase: z.literal('ready') }),
]);

/** A program was ended because the memory was full, and the workspace goes on. Told now and then, not for each program. */
export const workspaceMemory = z.object({
  type: z.literal('workspace.memory'),
  workspace,
  /** For a person: what happened and what to do. */
  message: z.string(),
});

/**
 * `from` is the offset of the first byte in all of the terminal's output, from 0, without a gap. `taken` counts the bytes
 * of its input whose echo is in the output up to here, if they have one: those that were written to the terminal 50 ms
 * before, or dropped. It never gets less. Where it changes and there is no output, one without bytes tells it.
 */
export const terminalOutput = z.object({
  type: z.literal('terminal.output'),
  workspace,
  terminal,
  from: offset,
  bytes: z.base64(),
  taken: offset,
});
export type TerminalOutput = z.infer<typeof terminalOutput>;

/**
 * The shell returned `exitCode`, or was killed by `signal` (such as `SIGHUP`). Both are null when neither can be known.
 * `message` is there when no shell could be started, and when the workspace ended: a sentence for a person.
 */
export const terminalEnded = z.object({
  type: z.literal('terminal.ended'),
  workspace,
  terminal,
  exitCode: z.int().min(0).max(255).nullable(),
  signal: z.string().nullable(),
  message: z.string().optional(),
});
export type TerminalEnded = z.infer<typeof terminalEnded>;

/**
 * The one end of a workspace.
 *
 * - `closed`: the server asked for it, or its connection closed.
 * - `memory`: its memory was full and nothing but all of it could be ended. Where ending a program is enough, that is told
 *   by `workspace.memory`.
 * - `lost`: the sandbox, the engine or the runner was lost.
 * - `refused`: there is no sandbox to be had.
 */
export const workspaceEnded = z.object({
  type: z.literal('workspace.ended'),
  workspace,
  reason: z.enum(['closed', 'memory', 'lost', 'refused']),
  /** A sentence for a person: what happened and what to do. */
  message: z.string(),
});
export type WorkspaceEnded = z.infer<typeof workspaceEnded>;

/** What the runner says of a workspace and its terminals. */
export const workspaceEvent = z.discriminatedUnion('type', [
  workspacePhase,
  terminalOutput,
  terminalEnded,
  filesEvent,
  workspaceMemory,
  workspaceEnded,
]);
export type WorkspaceEvent = z.infer<typeof workspaceEvent>;
