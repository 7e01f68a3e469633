/** All workspaces that are open or wait: opens them, finds them for what is said to them, and forgets them at their end. */
import {
  type Clock,
  type FilesCommand,
  WORKSPACE_LIMITS as LIMITS,
  type TerminalCommand,
  type TerminalOpen,
  type WorkspaceEvent,
  type WorkspaceId,
  type WorkspaceOpen,
} from '@codesync/protocol';
import type { Pool } from './pool.ts';
import type { PoolKey } from './profiles.ts';
import type { Sandbox } from './sandbox.ts';
import { Workspace } from './workspace.ts';

export type WorkspacesOptions = {
  readonly pool: Pool<PoolKey, Sandbox>;
  /** Why no code can be run now, as a sentence; null when it can. */
  readonly unready: () => string | null;
  readonly clock: Clock;
  readonly log: (problem: string) => void;
};

export class Workspaces {
  readonly #options: WorkspacesOptions;
  readonly #workspaces = new Map<WorkspaceId, Workspace>();

  constructor(options: WorkspacesOptions) {
    this.#options = options;
  }

  /** Opens a workspace; all it has to say goes to `emit`. False when one of this id is open: nothing is begun. */
  open(open: WorkspaceOpen, emit: (event: WorkspaceEvent) => void): boolean {
    const { pool, clock, log } = this.#options;
    const { workspace: id, network } = open;
    if (this.#workspaces.has(id)) return false;
    const workspace = new Workspace(id, {
      emit: (event) => {
        if (event.type === 'workspace.ended') this.#workspaces.delete(id);
        emit(event);
      },
      acquire: (self) =>
        pool.acquire('workspace', open, {
          given: (sandbox) => self.given(sandbox),
          waiting: (position) => self.waiting(position),
          refused: (reason) => self.refused(reason),
        }),
      release: (sandbox) => pool.release('workspace', sandbox),
      log,
      clock,
    });
    this.#workspaces.set(id, workspace);
    const unready = this.#options.unready();
    if (unready !== null) workspace.refused(unready);
    else if (pool.waiting('workspace') >= LIMITS.queue)
      workspace.refused(`${LIMITS.queue} workspaces wait already. Try again in a moment.`);
    else if (pool.waiting('workspace', network) >= LIMITS.queuePerNetwork)
      workspace.refused(
        `${LIMITS.queuePerNetwork} workspaces from your network address wait already. Try again in a moment.`,
      );
    else workspace.claim();
    return true;
  }

  close(workspace: WorkspaceId): void {
    this.#workspaces.get(workspace)?.close();
  }

  begin(workspace: WorkspaceId): void {
    this.#workspaces.get(workspace)?.begin();
  }

  /** Why the terminal cannot be opened; null when it is taken, and when its workspace has ended, which was told. */
  openTerminal(open: TerminalOpen): string | null {
    const workspace = this.#workspaces.get(open.workspace);
    return workspace === undefined || workspace.openTerminal(open)
      ? null
      : `A terminal ${open.terminal} is open in workspace ${open.workspace}.`;
  }

  /** What is for a workspace that is not there is left alone. */
  command(command: TerminalCommand): void {
    this.#workspaces.get(command.workspace)?.command(command);
  }

  /** As `command`. */
  files(command: FilesCommand): void {
    this.#workspaces.get(command.workspace)?.files(command);
  }

  /** Ends every workspace because the runner goes. */
  abandonAll(message: string): void {
    for (const workspace of [...this.#workspaces.values()]) workspace.abandon(message);
  }
}
