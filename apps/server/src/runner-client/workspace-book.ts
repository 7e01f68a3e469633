// The workspaces that are open at one runner, and whom to tell of them.
import type { WorkspaceEvent, WorkspaceId } from '@codesync/protocol';
import type { WorkspaceListener } from '../ports.ts';

/** What became of a workspace of which nobody knows any more. */
const LOST =
  'The workspace was lost: the sandbox or its engine has ended. The files are safe. Start it again.';

/** Ends every workspace that is entered, once, and its terminals before it. */
export class WorkspaceBook {
  readonly #open = new Map<
    WorkspaceId,
    { readonly listener: WorkspaceListener; readonly terminals: Set<number> }
  >();

  enter(workspace: WorkspaceId, listener: WorkspaceListener): void {
    this.#open.set(workspace, { listener, terminals: new Set() });
  }

  /** A terminal was asked for. False when the workspace is over. */
  opened(workspace: WorkspaceId, terminal: number): boolean {
    return this.#open.get(workspace)?.terminals.add(terminal) !== undefined;
  }

  /** Passes on what the runner says. News of what is over are dropped. */
  hear(event: WorkspaceEvent): void {
    const open = this.#open.get(event.workspace);
    if (open === undefined) return;
    const { listener, terminals } = open;
    switch (event.type) {
      case 'workspace.phase':
        listener.phase(
          event.phase === 'queued' ? { kind: 'queued', position: event.position } : { kind: 'ready' },
        );
        return;
      case 'terminal.output':
        if (terminals.has(event.terminal)) {
          const { terminal, from, bytes, taken } = event;
          listener.output(terminal, from, Buffer.from(bytes, 'base64'), taken);
        }
        return;
      case 'terminal.ended': {
        const { terminal, exitCode, signal, message } = event;
        if (!terminals.delete(terminal)) return;
        listener.terminalEnded(terminal, { exitCode, signal, ...(message === undefined ? {} : { message }) });
        return;
      }
      case 'workspace.memory':
        listener.memoryFull(event.message);
        return;
      case 'workspace.ended':
        this.#end(event.workspace, event.message);
        return;
      default: {
        const { workspace: _, ...ofFiles } = event;
        listener.files(ofFiles);
      }
    }
  }

  lose(workspace: WorkspaceId): void {
    this.#end(workspace, LOST);
  }

  loseAll(): void {
    for (const workspace of [...this.#open.keys()]) this.lose(workspace);
  }

  #end(workspace: WorkspaceId, message: string): void {
    const open = this.#open.get(workspace);
    if (open === undefined) return;
    this.#open.delete(workspace);
    for (const terminal of open.terminals) {
      open.listener.terminalEnded(terminal, { exitCode: null, signal: null, message });
    }
    open.listener.ended(message);
  }
}
