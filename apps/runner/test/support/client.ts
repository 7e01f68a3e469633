/** A client of the runner's socket for tests and measurements. The server has its own. */
import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import {
  BLOB_PART_BYTES,
  BlobHash,
  type BlobRef,
  type BlobWanted,
  blobParts,
  MessageLines,
  RUNNER_LIMITS,
  RUNNER_PROTOCOL,
  type RunId,
  type RunnerCommand,
  type RunnerEnded,
  type RunnerEvent,
  type RunnerPhase,
  type RunnerStart,
  type RunnerStatus,
  type RunStretch,
  runnerEvent,
  stretchesOf,
  type WorkspaceId,
} from '@codesync/protocol';
import { runId, Watch, workspaceId } from '@codesync/protocol/testing';
import type { RunEvent } from '../../src/run.ts';
import { ClientWorkspace } from './client-workspace.ts';

/** One run as its starter sees it. */
export class ClientRun {
  readonly id: RunId;
  readonly phases: RunnerPhase[] = [];
  /** Every end that was told; more than one is a fault of the runner's. */
  readonly ends: RunnerEnded[] = [];
  readonly #send: (command: RunnerCommand) => void;
  readonly #watch = new Watch();
  /** Both streams, in the order in which they came. */
  readonly stretches: RunStretch[] = [];
  stdout = '';
  stderr = '';
  /** Milliseconds on `performance.now()`'s clock. */
  readonly startedAt = performance.now();
  firstByteAt = 0;

  constructor(id: RunId, send: (command: RunnerCommand) => void) {
    this.id = id;
    this.#send = send;
  }

  stop(): void {
    this.#send({ type: 'run.stop', run: this.id });
  }

  stdin(text: string, eof = false): void {
    this.#send({ type: 'run.stdin', run: this.id, text, eof });
  }

  /** Resolves with the end. */
  async ended(): Promise<RunnerEnded> {
    await this.until(() => this.ends.length > 0);
    return this.ends[0]!;
  }

  /** Resolves when the condition holds after some event of this run. */
  until(condition: () => boolean): Promise<void> {
    return this.#watch.until(condition);
  }

  hear(event: Exclude<RunEvent, BlobWanted>): void {
    if (event.type === 'run.phase') this.phases.push(event);
    else if (event.type === 'run.ended') this.ends.push(event);
    else {
      this.firstByteAt ||= performance.now();
      for (const stretch of stretchesOf(event)) {
        this[stretch.stream] += stretch.text;
        this.stretches.push(stretch);
      }
    }
    this.#watch.changed();
  }
}

export class RunnerClient {
  readonly #socket: Socket;
  readonly #runs = new Map<RunId, ClientRun>();
  readonly #workspaces = new Map<WorkspaceId, ClientWorkspace>();
  readonly #blobs = new Map<BlobHash, Buffer>();
  readonly #watch = new Watch();
  readonly problems: string[] = [];
  /** The blobs that the runner asked for. */
  readonly wanted: BlobHash[] = [];
  status: RunnerStatus | null = null;
  closed = false;

  /** Connects and greets; retries until the socket is there or `timeoutMs` have passed. */
  static async connect(path: string, timeoutMs = 60_000): Promise<RunnerClient> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      try {
        const socket = await new Promise<Socket>((resolve, reject) => {
          const attempt = connect(path, () => resolve(attempt));
          attempt.once('error', reject);
        });
        return new RunnerClient(socket);
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    const lines = new MessageLines(RUNNER_LIMITS.lineBytes);
    const take = (line: string) => this.#hear(runnerEvent.parse(JSON.parse(line)));
    socket.on('data', (chunk: Buffer) => lines.push(chunk, take));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.#watch.changed();
    });
    this.send({ type: 'hello', protocol: RUNNER_PROTOCOL });
  }

  send(command: RunnerCommand): void {
    this.sendLine(JSON.stringify(command));
  }

  /** Sends a line as it is, valid or not. */
  sendLine(line: string): void {
    this.#socket.write(`${line}\n`);
  }

  /** Starts a run; the id, the room and the network are made up unless given. */
  start(
    start: Pick<RunnerStart, 'language' | 'entry' | 'files'> & Partial<Omit<RunnerStart, 'type'>>,
  ): ClientRun {
    const id = start.run ?? runId(randomBytes(16).toString('base64url'));
    const run = new ClientRun(id, (command) => this.send(command));
    this.#runs.set(id, run);
    this.send({ type: 'run.start', room: `room-of-${id}`, network: `network-of-${id}`, ...start, run: id });
    return run;
  }

  /** Opens a workspace of a room of its own. Its terminals may start when it is ready, unless told otherwise. */
  openWorkspace(party: { room?: string; network?: string } = {}, { begins = true } = {}): ClientWorkspace {
    const id = workspaceId(randomBytes(16).toString('base64url'));
    const workspace = new ClientWorkspace(id, (command) => this.send(command), begins);
    this.#workspaces.set(id, workspace);
    this.send({
      type: 'workspace.open',
      workspace: id,
      room: `room-of-${id}`,
      network: `network-of-${id}`,
      ...party,
    });
    return workspace;
  }

  /** Sends these bytes when the runner asks for them. Returns what a run names them by. */
  keep(body: Buffer): BlobRef {
    const hash = BlobHash.parse(createHash('sha256').update(body).digest('hex'));
    this.#blobs.set(hash, body);
    return { hash, bytes: body.length };
  }

  /** Resolves when the condition holds after some status, problem, or the end of the connection. */
  until(condition: () => boolean): Promise<void> {
    return this.#watch.until(condition);
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(event: RunnerEvent): void {
    if (event.type === 'status') this.status = event;
    else if (event.type === 'problem') this.problems.push(event.message);
    else if ('workspace' in event) this.#workspaces.get(event.workspace)?.hear(event);
    else if (event.type === 'blob.wanted') this.#answer(event);
    else if (event.type !== 'hello') this.#runs.get(event.run)?.hear(event);
    this.#watch.changed();
  }

  #answer({ run, hash }: BlobWanted): void {
    this.wanted.push(hash);
    const body = this.#blobs.get(hash);
    if (body === undefined) {
      this.send({ type: 'blob.none', run, hash });
      return;
    }
    for (let part = 0; part < blobParts(body.length); part++) {
      const data = body.subarray(part * BLOB_PART_BYTES, (part + 1) * BLOB_PART_BYTES).toString('base64');
      this.send({ type: 'blob.part', run, hash, part, data });
    }
  }
}
