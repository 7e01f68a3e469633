// Workspaces without sandboxes: their shells do what the test says, or show again what is typed.
import type { ShellEnd, TerminalSize, WorkspaceId } from '@codesync/protocol';
import type { DiskCommand, WorkspaceListener, Workspaces } from '../../src/ports.ts';
import { EchoShell, HUNG_UP } from './echo-shell.ts';
import { MemoryDisk } from './memory-disk.ts';

/** A shell, as the test plays it. */
export class MemoryShell {
  readonly #listener: WorkspaceListener;
  readonly #number: number;
  readonly #echo: EchoShell | null;
  #written = 0;
  /** How many bytes of what was typed it has taken. */
  taken = 0;
  typed = '';
  size: TerminalSize;
  /** How much of what it wrote was taken in. */
  read = 0;
  closed = false;

  /** @param echoes the disk that an echoing shell works on; null for one that the test plays. */
  constructor(listener: WorkspaceListener, number: number, size: TerminalSize, echoes: MemoryDisk | null) {
    this.#listener = listener;
    this.#number = number;
    this.size = size;
    this.#echo =
      echoes === null
        ? null
        : new EchoShell(echoes, {
            output: (from, bytes, taken) => listener.output(number, from, bytes, taken),
            ended: (end) => this.end(end),
          });
  }

  begin(): void {
    this.#echo?.begin();
  }

  type(bytes: Uint8Array): void {
    this.typed += Buffer.from(bytes).toString();
    this.#echo?.type(bytes);
  }

  write(text: string | Uint8Array): void {
    const bytes = Buffer.from(text);
    this.#listener.output(this.#number, this.#written, bytes, this.taken);
    this.#written += bytes.length;
  }

  /** Says again what it has said, from that place. */
  writeAt(from: number, text: string): void {
    this.#listener.output(this.#number, from, Buffer.from(text), this.taken);
  }

  end(end: Partial<ShellEnd> = {}): void {
    if (this.closed) return;
    this.closed = true;
    this.#listener.terminalEnded(this.#number, { exitCode: 0, signal: null, ...end });
  }
}

export type MemoryWorkspace = {
  readonly id: WorkspaceId;
  readonly listener: WorkspaceListener;
  readonly shells: Map<number, MemoryShell>;
  readonly disk: MemoryDisk;
  open: boolean;
  begun: boolean;
};

export class MemoryWorkspaces implements Workspaces {
  readonly #echoes: boolean;
  /** All that were opened, in order. */
  readonly all: MemoryWorkspace[] = [];

  /** @param echoes whether shells show a prompt and what is typed, and end at `exit`. */
  constructor(echoes = false) {
    this.#echoes = echoes;
  }

  /** All shells that were started, in order. */
  get shells(): MemoryShell[] {
    return this.all.flatMap(({ shells }) => [...shells.values()]);
  }

  open({ workspace: id }: { readonly workspace: WorkspaceId }, listener: WorkspaceListener): void {
    const disk = new MemoryDisk((event) => workspace.open && listener.files(event));
    const workspace: MemoryWorkspace = {
      id,
      listener,
      shells: new Map(),
      disk,
      open: true,
      begun: false,
    };
    this.all.push(workspace);
    if (this.#echoes) queueMicrotask(() => workspace.open && listener.phase({ kind: 'ready' }));
  }

  close(id: WorkspaceId): void {
    const workspace = this.#find(id);
    if (workspace?.open !== true) return;
    workspace.open = false;
    for (const shell of workspace.shells.values()) shell.end(HUNG_UP);
    workspace.listener.ended('The workspace was closed.');
  }

  begin(id: WorkspaceId): void {
    const workspace = this.#find(id);
    if (workspace === undefined) return;
    workspace.begun = true;
    for (const shell of workspace.shells.values()) queueMicrotask(() => shell.begin());
  }

  files(id: WorkspaceId, command: DiskCommand): void {
    const workspace = this.#find(id);
    if (workspace?.open === true) workspace.disk.hear(command);
  }

  openTerminal(id: WorkspaceId, terminal: number, size: TerminalSize): void {
    const workspace = this.#find(id);
    if (workspace?.open !== true) return;
    const shell = new MemoryShell(workspace.listener, terminal, size, this.#echoes ? workspace.disk : null);
    workspace.shells.set(terminal, shell);
    if (workspace.begun) queueMicrotask(() => shell.begin());
  }

  type(id: WorkspaceId, terminal: number, bytes: Uint8Array): void {
    this.#shell(id, terminal)?.type(bytes);
  }

  resize(id: WorkspaceId, terminal: number, size: TerminalSize): void {
    const shell = this.#shell(id, terminal);
    if (shell !== undefined) shell.size = size;
  }

  read(id: WorkspaceId, terminal: number, upTo: number): void {
    const shell = this.#shell(id, terminal);
    if (shell !== undefined) shell.read = upTo;
  }

  closeTerminal(id: WorkspaceId, terminal: number): void {
    this.#shell(id, terminal)?.end(HUNG_UP);
  }

  #find(id: WorkspaceId): MemoryWorkspace | undefined {
    return this.all.find((workspace) => workspace.id === id);
  }

  #shell(id: WorkspaceId, terminal: number): MemoryShell | undefined {
    return this.#find(id)?.shells.get(terminal);
  }
}
