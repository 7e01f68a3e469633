// The terminals of one room: its workspace, and the shell that goes on in each of them.
import { isDeepStrictEqual } from 'node:util';
import {
  type DiskApart,
  type DiskState,
  type EventBody,
  LEAST_SIZE,
  LIMITS,
  may,
  NOTHING_APART,
  type ParticipantId,
  type Refusal,
  type RoomEvent,
  type RoomId,
  refusal,
  type ShellEnd,
  type TerminalId,
  type TerminalMessage,
  type TerminalSize,
  WorkspaceId,
} from '@codesync/protocol';
import { denial } from '@codesync/room';
import type { Clock, Log, Screens, Workspaces } from '../ports.ts';
import type { Audience } from './audience.ts';
import { RoomDisk } from './disk.ts';
import type { RoomBlobs } from './disk-blobs.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Propose, RoomLog } from './room-log.ts';
import type { Seat } from './seat.ts';
import { Shell } from './shell.ts';

/** The end of a shell that went on when its room's process ended. */
export const CUT_OFF_SHELL: ShellEnd = {
  exitCode: null,
  signal: null,
  message: 'The server was stopped while this shell ran. Start it again.',
};

const IDLE_SHELL: ShellEnd = {
  exitCode: null,
  signal: null,
  message: `Nobody was in the room for ${LIMITS.workspaceIdleMs / 60_000} minutes, so its shells were ended. The room’s files are as they were. Start it again.`,
};

const LOST_SHELL: ShellEnd = {
  exitCode: null,
  signal: null,
  message: 'Some of what this shell wrote was lost on its way. Start it again.',
};

const LOST_DISK: ShellEnd = {
  exitCode: null,
  signal: null,
  message:
    'The files on the disk could not be kept in step any more. Those of the room are safe. Start it again.',
};

type Workspace = {
  readonly id: WorkspaceId;
  /** The terminals that were opened in it, by the number that they have there. */
  readonly shells: Map<number, TerminalId>;
  readonly disk: RoomDisk;
  queued: number | null;
};

/** So many are known of those who typed last. */
const TYPISTS = 20;

type Typed = Extract<TerminalMessage, { kind: 'type' }>;

/** `over`: it has ended, and what it showed can still be seen. */
type Going = { readonly shell: Shell; readonly number: number; over: boolean };

export type RoomTerminalsDeps = {
  readonly room: RoomId;
  readonly workspaces: Workspaces;
  readonly screens: Screens;
  readonly clock: Clock;
  readonly audience: Pick<Audience, 'to' | 'disk'>;
  readonly log: Pick<RoomLog, 'fold' | 'order'>;
  readonly commit: Pick<GroupCommit, 'crowded'>;
  readonly serverLog: Pick<Log, 'error'>;
  readonly blobs: RoomBlobs;
  readonly propose: Propose;
  readonly newId: () => string;
};

export class RoomTerminals {
  readonly #deps: RoomTerminalsDeps;
  #workspace: Workspace | null = null;
  /** The last shell of each terminal, if it was started in this process. */
  readonly #going = new Map<TerminalId, Going>();
  /** Who watches what, by the seat's id: a shell that is started again is watched by the same. */
  readonly #watching = new Map<TerminalId, Map<string, { readonly seat: Seat; size: TerminalSize }>>();
  /** Who typed into terminals or opened them, the last one first. */
  #typists: readonly ParticipantId[] = [];
  #disk = NOTHING_APART;
  #numbers = 0;
  #idleMs = 0;
  #closed = false;

  constructor(deps: RoomTerminalsDeps) {
    this.#deps = deps;
  }

  /** What the fact asks of the world outside. */
  act(seat: Seat, body: EventBody): void {
    switch (body.kind) {
      case 'terminal.opened':
      case 'terminal.restarted':
        this.#start(seat, body.terminal);
        return;
      case 'terminal.closed':
        this.#end(body.terminal);
        this.#watching.delete(body.terminal);
    }
  }

  /** The room has taken in an event. */
  follow(event: RoomEvent): void {
    this.#workspace?.disk.follow(event);
  }

  /** Null when it was done. */
  hear(seat: Seat, message: TerminalMessage): Refusal | null {
    switch (message.kind) {
      case 'watch':
        return this.#watch(seat, message.terminal, message.size);
      case 'type':
        return this.#type(seat, message);
      case 'unwatch':
        this.#unwatch(seat, message.terminal);
        return null;
      case 'size':
        this.#sized(seat, message.terminal, message.size);
        return null;
      case 'read':
        this.#read(seat, message.terminal, message.shell, message.upTo);
        return null;
    }
  }

  /** Begins to tell the seat what the terminal shows. */
  #watch(seat: Seat, terminal: TerminalId, size: TerminalSize): Refusal | null {
    if (!this.#deps.log.fold.state.terminals.has(terminal)) return refusal('terminal.unknown');
    const watching = this.#watching.get(terminal) ?? new Map();
    this.#watching.set(terminal, watching.set(seat.id, { seat, size }));
    this.#going.get(terminal)?.shell.watch(seat, size);
    return null;
  }

  #unwatch(seat: Seat, terminal: TerminalId): void {
    this.#watching.get(terminal)?.delete(seat.id);
    this.#going.get(terminal)?.shell.unwatch(seat);
  }

  #sized(seat: Seat, terminal: TerminalId, size: TerminalSize): void {
    const watcher = this.#watching.get(terminal)?.get(seat.id);
    if (watcher === undefined) return;
    watcher.size = size;
    this.#going.get(terminal)?.shell.sized(seat, size);
  }

  #type(seat: Seat, { terminal, shell, number, text }: Typed): Refusal | null {
    const { members, terminals } = this.#deps.log.fold.state;
    const role = members.get(seat.participant.id)?.role ?? 'viewer';
    if (!may(role, 'terminal.open')) return refusal('role.viewer');
    const known = terminals.get(terminal);
    if (known === undefined) return refusal('terminal.unknown');
    if (known.locked && role !== 'host') return refusal('terminal.locked');
    const going = this.#going.get(terminal);
    if (going === undefined || going.over || going.shell.number !== shell) return refusal('terminal.ended');
    this.#noteTypist(seat.participant.id);
    going.shell.type(seat, text, number);
    return null;
  }

  #read(seat: Seat, terminal: TerminalId, shell: number, upTo: number): void {
    const going = this.#going.get(terminal);
    if (going?.shell.number === shell) going.shell.read(seat, upTo);
  }

  /** The client watches nothing any more. */
  leave(seat: Seat): void {
    for (const terminal of this.#watching.keys()) this.#unwatch(seat, terminal);
  }

  /** What is on the workspace's disk only. */
  get disk(): DiskState {
    return this.#disk;
  }

  /** What is on the workspace's disk only has changed. @param count all that is; `apart` may name some of it. */
  apart(apart: readonly DiskApart[], count: number): void {
    const disk: DiskState = { apart: apart.slice(0, LIMITS.apartTold), count };
    if (isDeepStrictEqual(disk, this.#disk)) return;
    this.#disk = disk;
    this.#deps.audience.disk(this.#deps.room, disk);
  }

  /** Somebody is in the room. */
  attended(): void {
    this.#idleMs = 0;
  }

  /** Nobody was in the room for another `ms`. Returns whether nothing is left that goes on without them. */
  idle(ms: number): boolean {
    if (this.#workspace === null) return true;
    this.#idleMs += ms;
    if (this.#idleMs < LIMITS.workspaceIdleMs) return false;
    this.#endAll(IDLE_SHELL);
    return true;
  }

  /** Ends everything at once and for good. */
  end(): void {
    this.#endAll(CUT_OFF_SHELL);
    this.abandon();
  }

  /** As `end`, in a room whose log is no longer ours: nothing is written. */
  abandon(): void {
    this.#closed = true;
    for (const { shell } of this.#going.values()) shell.close();
    this.#going.clear();
    this.#closeWorkspace();
  }

  #noteTypist(participant: ParticipantId): void {
    if (this.#typists[0] === participant) return;
    this.#typists = [participant, ...this.#typists.filter((other) => other !== participant)].slice(
      0,
      TYPISTS,
    );
    this.#workspace?.disk.authorChanged();
  }

  /** Whose doing it is what programs do now: of those who may edit the one who typed last. */
  #author(): ParticipantId {
    const { state } = this.#deps.log.fold;
    return this.#typists.find((each) => denial(state, each, 'edit') === null) ?? this.#typists[0]!;
  }

  #start(seat: Seat, terminal: TerminalId): void {
    this.#noteTypist(seat.participant.id);
    const { workspaces, screens, clock, audience, log } = this.#deps;
    const workspace = this.#workspace ?? this.#openWorkspace(seat);
    const number = ++this.#numbers;
    workspace.shells.set(number, terminal);
    const watchers = this.#watching.get(terminal) ?? new Map();
    const size = sizeFor(watchers.get(seat.id)?.size);
    const id = workspace.id;
    const shell = new Shell({
      terminal,
      shell: log.fold.state.terminals.get(terminal)!.shell,
      size,
      screens,
      clock,
      audience,
      port: {
        type: (bytes) => workspaces.type(id, number, bytes),
        resize: (to) => workspaces.resize(id, number, to),
        read: (upTo) => workspaces.read(id, number, upTo),
      },
      lost: () => this.#lose(terminal, number),
    });
    this.#going.get(terminal)?.shell.close();
    this.#going.set(terminal, { shell, number, over: false });
    workspaces.openTerminal(id, number, size);
    shell.drive(seat);
    if (workspace.queued !== null) shell.phase({ kind: 'queued', position: workspace.queued });
    for (const watcher of watchers.values()) shell.watch(watcher.seat, watcher.size);
  }

  #openWorkspace(seat: Seat): Workspace {
    const { workspaces, room, newId } = this.#deps;
    const id = WorkspaceId.parse(newId());
    const workspace: Workspace = { id, shells: new Map(), disk: this.#diskOf(id), queued: null };
    this.#workspace = workspace;
    const current = () => this.#workspace === workspace;
    workspaces.open(
      { workspace: id, room, network: seat.network },
      {
        phase: (phase) => {
          if (!current()) return;
          workspace.queued = phase.kind === 'queued' ? phase.position : null;
          const told = phase.kind === 'queued' ? phase : ({ kind: 'starting' } as const);
          for (const { shell, over } of this.#going.values()) if (!over) shell.phase(told);
          if (phase.kind === 'ready') workspace.disk.place();
        },
        files: (event) => {
          if (current()) workspace.disk.hear(event);
        },
        output: (number, from, bytes, taken) => {
          const going = current() ? this.#shellAt(workspace, number) : undefined;
          if (going !== undefined && !going.shell.output(from, bytes, taken)) {
            this.#lose(workspace.shells.get(number)!, number);
          }
        },
        memoryFull: (message) => {
          if (!current()) return;
          for (const { shell, over } of this.#going.values()) if (!over) shell.note(message);
        },
        terminalEnded: (number, end) => {
          const terminal = workspace.shells.get(number);
          if (current() && terminal !== undefined) this.#ended(terminal, number, end);
        },
        ended: (message) => {
          if (!current()) return;
          workspace.disk.end();
          this.#workspace = null;
          this.apart([], 0);
          for (const [terminal, { number }] of [...this.#going]) {
            this.#ended(terminal, number, { exitCode: null, signal: null, message });
          }
        },
      },
    );
    return workspace;
  }

  #diskOf(workspace: WorkspaceId): RoomDisk {
    const { workspaces, clock, log, commit, serverLog, propose, newId, room, blobs } = this.#deps;
    return new RoomDisk({
      blobs,
      clock,
      log,
      propose,
      newId,
      crowded: () => commit.crowded,
      author: () => this.#author(),
      send: (command) => workspaces.files(workspace, command),
      placed: () => workspaces.begin(workspace),
      apart: (some, count) => this.apart(some, count),
      lost: (err) => {
        serverLog.error({ room, err }, 'the disk of a workspace cannot be followed any more');
        if (this.#workspace?.id === workspace) this.#endAll(LOST_DISK);
      },
    });
  }

  #shellAt(workspace: Workspace, number: number): Going | undefined {
    const terminal = workspace.shells.get(number);
    const going = terminal === undefined ? undefined : this.#going.get(terminal);
    return going?.number === number && !going.over ? going : undefined;
  }

  /** The shell is over, and the terminal stays. */
  #ended(terminal: TerminalId, number: number, end: ShellEnd): void {
    const going = this.#going.get(terminal);
    if (going === undefined || going.number !== number || going.over) return;
    going.over = true;
    going.shell.end(end.message);
    if (!this.#closed) this.#deps.propose({ kind: 'terminal.ended', terminal, ...end }, null);
  }

  #lose(terminal: TerminalId, number: number): void {
    this.#ended(terminal, number, LOST_SHELL);
    if (this.#workspace !== null) this.#deps.workspaces.closeTerminal(this.#workspace.id, number);
  }

  /** The terminal is gone. Its workspace stays, with what is on its disk only. */
  #end(terminal: TerminalId): void {
    const going = this.#going.get(terminal);
    if (going === undefined) return;
    this.#going.delete(terminal);
    going.shell.close();
    if (this.#workspace !== null && !going.over) {
      this.#deps.workspaces.closeTerminal(this.#workspace.id, going.number);
    }
  }

  #endAll(end: ShellEnd): void {
    for (const [terminal, { number }] of [...this.#going]) this.#ended(terminal, number, end);
    this.#closeWorkspace();
  }

  #closeWorkspace(): void {
    const workspace = this.#workspace;
    this.#workspace = null;
    this.apart([], 0);
    if (workspace === null) return;
    workspace.disk.end();
    this.#deps.workspaces.close(workspace.id);
  }
}

function sizeFor(wanted: TerminalSize | undefined): TerminalSize {
  if (wanted === undefined) return LEAST_SIZE;
  return { cols: Math.max(LEAST_SIZE.cols, wanted.cols), rows: Math.max(LEAST_SIZE.rows, wanted.rows) };
}
