/**
 * One workspace, from its claim on a sandbox to its one end, its files and the terminals in it. The state is a named
 * variant; whatever happens outside comes in as a method call, whatever the server should hear goes out through `emit`,
 * and after `workspace.ended` nothing does.
 */
import {
  type Clock,
  type FilesCommand,
  WORKSPACE_LIMITS as LIMITS,
  parseForeign,
  parseLine,
  type TerminalCommand,
  type TerminalEnded,
  type TerminalOpen,
  type WorkspaceEnded,
  type WorkspaceEvent,
  type WorkspaceId,
} from '@codesync/protocol';
import type { z } from 'zod';
import { FileRelay } from './file-relay.ts';
import {
  agentTerminalEnd,
  FILES_CHANNEL,
  FROM_FILES,
  FROM_TERMINAL,
  type Frame,
  TO_FILES,
  TO_TERMINAL,
  terminalOutputOf,
} from './frames.ts';
import { TERMINAL_BACKSTOP_MS } from './limits.ts';
import type { Ticket } from './pool.ts';
import { PROFILES } from './profiles.ts';
import type { Sandbox } from './sandbox.ts';

type WorkspaceState =
  /** `ticket` is null while it is being taken out. */
  | { readonly at: 'queued'; readonly ticket: Ticket | null }
  /** The server brings the files in; no terminal has started. */
  | { readonly at: 'filling'; readonly sandbox: Sandbox }
  | { readonly at: 'open'; readonly sandbox: Sandbox }
  | { readonly at: 'ended' };

type Size = { readonly cols: number; readonly rows: number };

type Terminal = {
  /** What waits for the terminal to start. */
  size: Size;
  input: Buffer;
  /** Bytes of output that were emitted. */
  output: number;
  /** Bytes of input that were handed on, and that were dropped here before there was anyone to hand them to. */
  handedOn: number;
  dropped: number;
  /** Set once it was told to end. */
  callOffBackstop: (() => void) | null;
};

/** What a workspace needs from those around it. */
export type WorkspaceSurroundings = {
  emit(event: WorkspaceEvent): void;
  /** Asks the pool; it answers through `given`, `waiting` and `refused`. */
  acquire(workspace: Workspace): Ticket;
  /** The workspace needs its sandbox no longer. */
  release(sandbox: Sandbox): void;
  log(problem: string): void;
  readonly clock: Clock;
};

type End = Pick<WorkspaceEnded, 'reason' | 'message'>;

const CLOSED: End = {
  reason: 'closed',
  message: 'The workspace was closed. The files of the room are safe. Start it again.',
};
const LOST: End = {
  reason: 'lost',
  message:
    'The workspace was lost: its sandbox or the container engine has ended. The files of the room are safe. Start it again.',
};
const MEMORY = `the ${PROFILES.workspace.memoryBytes / 1024 / 1024} MiB of memory that it has`;
const OUT_OF_MEMORY: End = {
  reason: 'memory',
  message: `The workspace was ended: its programs and files needed more than ${MEMORY}. The files of the room are safe. Start it again.`,
};

const MEMORY_KILL = `A program of the workspace was ended: programs and files needed more than ${MEMORY}. Files and shells are as they were. Start it with less to do, or delete large files of /tmp.`;
/** A program may be started and ended again all the time. */
const MEMORY_TOLD_MS = 2_000;

export class Workspace {
  readonly id: WorkspaceId;
  readonly #around: WorkspaceSurroundings;
  readonly #terminals = new Map<number, Terminal>();
  readonly #files: FileRelay;
  #state: WorkspaceState = { at: 'queued', ticket: null };
  #memoryToldAt = Number.NEGATIVE_INFINITY;

  constructor(id: WorkspaceId, around: WorkspaceSurroundings) {
    this.id = id;
    this.#around = around;
    this.#files = new FileRelay(id);
  }

  claim(): void {
    const ticket = this.#around.acquire(this);
    // The pool may have answered before it returned.
    if (this.#state.at === 'queued') this.#state = { at: 'queued', ticket };
  }

  waiting(position: number): void {
    if (this.#state.at === 'queued')
      this.#around.emit({ type: 'workspace.phase', workspace: this.id, phase: 'queued', position });
  }

  given(sandbox: Sandbox): void {
    if (this.#state.at !== 'queued') {
      this.#around.release(sandbox);
      return;
    }
    this.#state = { at: 'filling', sandbox };
    this.#around.emit({ type: 'workspace.phase', workspace: this.id, phase: 'ready' });
    sandbox.listen({
      frame: (frame) => this.#hear(frame),
      closed: (lost) => void this.#gone(sandbox, lost),
    });
    sandbox.onMemoryKill(() => this.#memoryFull());
  }

  /** Starts the terminals that were opened. From now on they start at once. */
  begin(): void {
    if (this.#state.at !== 'filling') return;
    const { sandbox } = this.#state;
    this.#state = { at: 'open', sandbox };
    for (const [channel, terminal] of this.#terminals) {
      sandbox.send(TO_TERMINAL.open, sizePayload(terminal.size), channel);
      this.#type(sandbox, channel, terminal, terminal.input);
    }
  }

  /** There is no sandbox for it; `message` says why. */
  refused(message: string): void {
    this.#end({ reason: 'refused', message });
  }

  close(): void {
    this.#end(CLOSED);
  }

  /** Ends it because the runner itself goes. */
  abandon(message: string): void {
    this.#end({ reason: 'lost', message });
  }

  /** False when its number is in use. */
  openTerminal({ terminal, cols, rows }: TerminalOpen): boolean {
    if (this.#terminals.has(terminal)) return false;
    if (this.#terminals.size >= LIMITS.terminals) {
      const message = `A workspace can have up to ${LIMITS.terminals} terminals. Close one of them, and open another again.`;
      this.#emitEnd(terminal, { ...NOTHING_KNOWN, message });
      return true;
    }
    const size = { cols, rows };
    this.#terminals.set(terminal, {
      size,
      input: Buffer.alloc(0),
      output: 0,
      handedOn: 0,
      dropped: 0,
      callOffBackstop: null,
    });
    if (this.#state.at === 'open') this.#state.sandbox.send(TO_TERMINAL.open, sizePayload(size), terminal);
    return true;
  }

  /** What is for a terminal that is not there is left alone. */
  command(command: TerminalCommand): void {
    const terminal = this.#terminals.get(command.terminal);
    if (terminal === undefined) return;
    if (this.#state.at === 'open') this.#send(terminal, command, this.#state.sandbox);
    else if (this.#state.at !== 'ended') this.#keep(terminal, command);
  }

  /** Tells the agent. What comes before the workspace is ready, or after its end, goes nowhere. */
  files(command: FilesCommand): void {
    if (this.#state.at === 'filling' || this.#state.at === 'open')
      this.#state.sandbox.send(TO_FILES.command, this.#files.command(command), FILES_CHANNEL);
  }

  /** For a terminal that has not started. */
  #keep(terminal: Terminal, command: TerminalCommand): void {
    switch (command.type) {
      case 'terminal.input': {
        const bytes = Buffer.from(command.bytes, 'base64');
        const input = Buffer.concat([terminal.input, bytes]);
        if (input.length <= LIMITS.inputBytes) terminal.input = input;
        else terminal.dropped += bytes.length;
        return;
      }
      case 'terminal.resize':
        terminal.size = command;
        return;
      case 'terminal.close':
        this.#endTerminal(command.terminal, NOTHING_KNOWN);
        return;
      case 'terminal.read':
      // There is no output yet.
    }
  }

  #send(terminal: Terminal, command: TerminalCommand, sandbox: Sandbox): void {
    const channel = command.terminal;
    switch (command.type) {
      case 'terminal.input':
        this.#type(sandbox, channel, terminal, Buffer.from(command.bytes, 'base64'));
        return;
      case 'terminal.resize':
        sandbox.send(TO_TERMINAL.resize, sizePayload(command), channel);
        return;
      case 'terminal.read': {
        const payload = Buffer.alloc(8);
        payload.writeBigUInt64BE(BigInt(command.upTo));
        sandbox.send(TO_TERMINAL.read, payload, channel);
        return;
      }
      case 'terminal.close':
        if (terminal.callOffBackstop !== null) return;
        sandbox.send(TO_TERMINAL.hangUp, '', channel);
        terminal.callOffBackstop = this.#around.clock.after(TERMINAL_BACKSTOP_MS, () =>
          this.#lost('a terminal did not end'),
        );
    }
  }

  #type(sandbox: Sandbox, channel: number, terminal: Terminal, input: Buffer): void {
    terminal.handedOn += input.length;
    sandbox.send(TO_TERMINAL.input, input, channel);
  }

  #hear(frame: Frame): void {
    if (this.#state.at === 'ended') return;
    if (frame.channel === FILES_CHANNEL) this.#hearOfFiles(frame);
    else if (this.#state.at === 'open') this.#hearTerminal(frame);
    else this.#lost(`frame ${frame.type} on channel ${frame.channel} before any terminal has started`);
  }

  #hearOfFiles({ type, payload }: Frame): void {
    if (type !== FROM_FILES.event) {
      this.#lost(`frame ${type} on the channel of the files`);
      return;
    }
    const event = this.#files.event(payload);
    if (typeof event === 'string') this.#lost(event);
    else this.#around.emit(event);
  }

  #hearTerminal({ channel, type, payload }: Frame): void {
    const terminal = this.#terminals.get(channel);
    if (terminal === undefined) {
      this.#lost(`frame ${type} on channel ${channel}, which nobody has`);
      return;
    }
    switch (type) {
      case FROM_TERMINAL.output: {
        const output = terminalOutputOf(payload);
        if (output === null) this.#lost('output of a terminal that is none');
        else this.#output(channel, terminal, output);
        return;
      }
      case FROM_TERMINAL.ended: {
        const end = parseForeign(agentTerminalEnd, parseLine(payload.toString()));
        if (end.success) this.#endTerminal(channel, endOf(end.data));
        else this.#lost(`an end of a terminal that is none: ${end.error.message}`);
        return;
      }
      default:
        this.#lost(`frame ${type} on the channel of a terminal`);
    }
  }

  #output(
    channel: number,
    terminal: Terminal,
    output: { readonly taken: number; readonly bytes: Buffer },
  ): void {
    const from = terminal.output;
    terminal.output += output.bytes.length;
    this.#around.emit({
      type: 'terminal.output',
      workspace: this.id,
      terminal: channel,
      from,
      bytes: output.bytes.toString('base64'),
      taken: terminal.dropped + Math.min(output.taken, terminal.handedOn),
    });
  }

  #endTerminal(terminal: number, end: TerminalEnd): void {
    this.#terminals.get(terminal)?.callOffBackstop?.();
    this.#terminals.delete(terminal);
    this.#emitEnd(terminal, end);
  }

  #emitEnd(terminal: number, end: TerminalEnd): void {
    this.#around.emit({ type: 'terminal.ended', workspace: this.id, terminal, ...end });
  }

  #memoryFull(): void {
    const now = this.#around.clock.now();
    if (this.#state.at === 'ended' || now - this.#memoryToldAt < MEMORY_TOLD_MS) return;
    this.#memoryToldAt = now;
    this.#around.emit({ type: 'workspace.memory', workspace: this.id, message: MEMORY_KILL });
  }

  #lost(problem: string): void {
    if (this.#state.at === 'ended') return;
    this.#around.log(`workspace ${this.id} lost its sandbox: ${problem}`);
    this.#end(LOST);
  }

  /** The stream ended. Memory is what can take the agent itself. */
  async #gone(sandbox: Sandbox, lost: string): Promise<void> {
    const ranOut = await sandbox.ranOutOfMemory();
    if (ranOut) this.#end(OUT_OF_MEMORY);
    else this.#lost(lost);
  }

  #end(end: End): void {
    const state = this.#state;
    if (state.at === 'ended') return;
    this.#state = { at: 'ended' };
    if (state.at === 'queued') state.ticket?.cancel();
    const { message } = end;
    for (const terminal of [...this.#terminals.keys()])
      this.#endTerminal(terminal, { ...NOTHING_KNOWN, message });
    if (state.at !== 'queued') this.#around.release(state.sandbox);
    this.#around.emit({ type: 'workspace.ended', workspace: this.id, ...end });
  }
}

type TerminalEnd = Omit<TerminalEnded, 'type' | 'workspace' | 'terminal'>;

const NOTHING_KNOWN: TerminalEnd = { exitCode: null, signal: null };

function endOf({ code, signal, message }: z.infer<typeof agentTerminalEnd>): TerminalEnd {
  return { exitCode: code, signal: signal || null, ...(message === '' ? {} : { message }) };
}

function sizePayload({ cols, rows }: Size): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt16BE(cols, 0);
  payload.writeUInt16BE(rows, 2);
  return payload;
}
