// One place where programs run: the way to its runner, the runs and workspaces that are there, and how it is.
import { mebibytes, RUNNER_LIMITS, RUNNER_PROTOCOL, type RunId, type RunnerEvent } from '@codesync/protocol';
import type { BlobReader, Clock, Log, RunListener, RunRequest, Workspaces } from '../ports.ts';
import { BlobRelay } from './blob-relay.ts';
import { RunnerLink } from './link.ts';
import { RunBook } from './run-book.ts';
import { sandboxFacts, sandboxStatus } from './status.ts';
import { StatusBoard } from './status-board.ts';
import { WorkspaceBook } from './workspace-book.ts';

const TOO_LARGE = `The files together are too large for a sandbox. It takes up to ${mebibytes(RUNNER_LIMITS.workspaceBytes)}, and less of what is mostly line ends, quotes or control characters. Delete or shorten a file first.`;

/** Comes and goes with its runner. A run or a workspace is told its end by the host that took it. */
export class RunnerHost {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #book: RunBook;
  readonly #blobs: BlobRelay;
  readonly #workspaces = new WorkspaceBook();
  readonly board: StatusBoard;
  #link: RunnerLink | null = null;
  #closing = false;

  constructor(clock: Clock, log: Log, readBlob: BlobReader) {
    this.#clock = clock;
    this.#log = log;
    this.#blobs = new BlobRelay(readBlob, log, (answer) => {
      return new Promise((gone) => {
        if (this.#link?.send(answer, gone) !== 'sent') gone();
      });
    });
    this.#book = new RunBook({
      clock,
      log,
      stop: (run) => this.stop(run),
      ended: (run) => this.#blobs.leave(run),
    });
    this.board = new StatusBoard(clock);
  }

  /** A runner listens at `socket`, or soon will. */
  connect(socket: string): void {
    this.#link = new RunnerLink(socket, this.#clock, {
      event: (event) => this.#hear(event),
      lost: (reason) => {
        if (!this.#closing) this.#log.warn({ reason }, 'the connection to the runner has ended');
        this.#lost();
      },
      foreign: (protocol) => this.#refuse(protocol),
    });
  }

  /** Its runner has ended. */
  disconnect(reason: string): void {
    this.#link?.close(reason);
    this.#link = null;
    this.#lost();
  }

  start(request: RunRequest, listener: RunListener): void {
    const { run, files, args } = request;
    this.#book.enter(run, listener);
    this.#blobs.enter(request);
    const sent =
      this.#link?.send({ type: 'run.start', ...request, files: [...files], args: [...args] }) ?? 'away';
    // The caller does not hear of the end before this has returned.
    if (sent === 'away') queueMicrotask(() => this.#book.lose(run));
    if (sent === 'tooLong') queueMicrotask(() => this.#book.refuse(run, TOO_LARGE));
  }

  stop(run: RunId): void {
    this.#link?.send({ type: 'run.stop', run });
  }

  input(run: RunId, text: string, eof: boolean): void {
    this.#link?.send({ type: 'run.stdin', run, text, eof });
  }

  /** What is sent to a workspace that is over, or while the runner is away, goes nowhere. */
  readonly workspaces: Workspaces = {
    open: (request, listener) => {
      const { workspace } = request;
      this.#workspaces.enter(workspace, listener);
      const sent = this.#link?.send({ type: 'workspace.open', ...request }) ?? 'away';
      if (sent !== 'sent') queueMicrotask(() => this.#workspaces.lose(workspace));
    },
    close: (workspace) => void this.#link?.send({ type: 'workspace.close', workspace }),
    begin: (workspace) => void this.#link?.send({ type: 'workspace.begin', workspace }),
    files: (workspace, command) => void this.#link?.send({ ...command, workspace }),
    openTerminal: (workspace, terminal, size) => {
      if (this.#workspaces.opened(workspace, terminal)) {
        this.#link?.send({ type: 'terminal.open', workspace, terminal, ...size });
      }
    },
    type: (workspace, terminal, bytes) =>
      void this.#link?.send({ type: 'terminal.input', workspace, terminal, bytes: base64(bytes) }),
    resize: (workspace, terminal, size) =>
      void this.#link?.send({ type: 'terminal.resize', workspace, terminal, ...size }),
    read: (workspace, terminal, upTo) =>
      void this.#link?.send({ type: 'terminal.read', workspace, terminal, upTo }),
    closeTerminal: (workspace, terminal) =>
      void this.#link?.send({ type: 'terminal.close', workspace, terminal }),
  };

  /** Its runner is to end: from now on nobody is told how it is. */
  close(): void {
    this.#closing = true;
    this.board.close();
  }

  #hear(event: Exclude<RunnerEvent, { type: 'hello' }>): void {
    if (event.type === 'status') this.board.tell(sandboxStatus(event), sandboxFacts(event));
    else if (event.type === 'problem')
      this.#log.error({ problem: event.message }, 'the runner did not understand the server');
    else if (event.type === 'blob.wanted') void this.#blobs.answer(event);
    else if ('workspace' in event) this.#workspaces.hear(event);
    else this.#book.hear(event);
  }

  /** Its runner speaks that version of the protocol: nothing runs before it is replaced. */
  #refuse(protocol: number): void {
    if (this.#closing) return;
    this.#log.warn(
      { runner: protocol, server: RUNNER_PROTOCOL },
      'the runner speaks another version of the protocol than the server: restart CodeSync, or install it anew',
    );
    this.board.tell({
      state: 'off',
      reason: `The runner speaks version ${protocol} of its protocol, and the server version ${RUNNER_PROTOCOL}.`,
      mend: 'Restart CodeSync, or install it anew, so that both are of one version.',
    });
  }

  #lost(): void {
    this.#book.loseAll();
    this.#workspaces.loseAll();
    this.board.tell({ state: 'starting' });
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
