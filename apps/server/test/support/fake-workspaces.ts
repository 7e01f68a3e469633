// The workspaces of the runner that runs nothing: their shells show again what is typed.
import type { RunnerCommand, ShellEnd, WorkspaceEvent, WorkspaceId } from '@codesync/protocol';
import { EchoShell, HUNG_UP } from './echo-shell.ts';

type WorkspaceCommand = Extract<RunnerCommand, { readonly workspace: WorkspaceId }>;

export class FakeWorkspaces {
  readonly #say: (event: WorkspaceEvent) => void;
  readonly #open = new Map<WorkspaceId, Map<number, EchoShell>>();

  constructor(say: (event: WorkspaceEvent) => void) {
    this.#say = say;
  }

  take(command: WorkspaceCommand): void {
    const { workspace } = command;
    if (command.type === 'workspace.open') {
      this.#open.set(workspace, new Map());
      this.#say({ type: 'workspace.phase', workspace, phase: 'ready' });
      return;
    }
    const shells = this.#open.get(workspace);
    if (shells === undefined) return;
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
      case 'terminal.open': {
        const { terminal } = command;
        const shell = new EchoShell({
          output: (from, bytes) =>
            this.#say({
              type: 'terminal.output',
              workspace,
              terminal,
              from,
              bytes: Buffer.from(bytes).toString('base64'),
            }),
          ended: ({ exitCode, signal }: ShellEnd) => {
            shells.delete(terminal);
            this.#say({ type: 'terminal.ended', workspace, terminal, exitCode, signal });
          },
        });
        shells.set(terminal, shell);
        shell.begin();
        return;
      }
      case 'terminal.input':
        shells.get(command.terminal)?.type(Buffer.from(command.bytes, 'base64'));
        return;
      case 'terminal.close':
        shells.get(command.terminal)?.end(HUNG_UP);
        return;
      default:
        // A shell that only shows what is typed needs no size, and is never ahead.
        return;
    }
  }
}
