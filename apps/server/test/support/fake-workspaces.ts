// The workspaces of the runner that runs nothing: their shells show again what is typed, and their disks are memory.
import type { RunnerCommand, ShellEnd, WorkspaceEvent, WorkspaceId } from '@codesync/protocol';
import { EchoShell, HUNG_UP } from './echo-shell.ts';
import { MemoryDisk } from './memory-disk.ts';

type WorkspaceCommand = Extract<RunnerCommand, { readonly workspace: WorkspaceId }>;

type FakeWorkspace = {
  readonly disk: MemoryDisk;
  readonly shells: Map<number, EchoShell>;
  begun: boolean;
};

export class FakeWorkspaces {
  readonly #say: (event: WorkspaceEvent) => void;
  readonly #open = new Map<WorkspaceId, FakeWorkspace>();

  constructor(say: (event: WorkspaceEvent) => void) {
    this.#say = say;
  }

  take(command: WorkspaceCommand): void {
    const { workspace } = command;
    if (command.type === 'workspace.open') {
      const disk = new MemoryDisk((event) => {
        if (this.#open.get(workspace)?.disk === disk) this.#say({ ...event, workspace });
      });
      this.#open.set(workspace, { disk, shells: new Map(), begun: false });
      this.#say({ type: 'workspace.phase', workspace, phase: 'ready' });
      return;
    }
    const open = this.#open.get(workspace);
    if (open === undefined) return;
    const { disk, shells } = open;
    switch (command.type) {
      case 'workspace.close':
        for (const shell of shells.values()) shell.end(HUNG_UP);
        this.#open.delete(workspace);
        this.#say({
          type: 'workspace.ended',
          workspace,
          reason: 'closed',
          message: 'The workspace was closed.',
        });
        return;
      case 'workspace.begin':
        open.begun = true;
        for (const shell of shells.values()) shell.begin();
        return;
      case 'terminal.open': {
        const { terminal } = command;
        const shell = new EchoShell(disk, {
          output: (from, bytes, taken) =>
            this.#say({
              type: 'terminal.output',
              workspace,
              terminal,
              from,
              bytes: Buffer.from(bytes).toString('base64'),
              taken,
            }),
          ended: ({ exitCode, signal }: ShellEnd) => {
            shells.delete(terminal);
            this.#say({ type: 'terminal.ended', workspace, terminal, exitCode, signal });
          },
        });
        shells.set(terminal, shell);
        if (open.begun) shell.begin();
        return;
      }
      case 'terminal.input':
        shells.get(command.terminal)?.type(Buffer.from(command.bytes, 'base64'));
        return;
      case 'terminal.close':
        shells.get(command.terminal)?.end(HUNG_UP);
        return;
      case 'terminal.resize':
      case 'terminal.read':
        // A shell that only shows what is typed needs no size, and is never ahead.
        return;
      default: {
        const { workspace: _, ...ofFiles } = command;
        disk.hear(ofFiles);
      }
    }
  }
}
