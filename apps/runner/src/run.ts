/**
 * One run, from its claim on a sandbox to its one end. The state is a named variant; whatever happens outside
 * comes in as a method call, whatever the room should hear goes out through `emit`, and after `ended` nothing does.
 */
import {
  type BlobRef,
  type BlobWanted,
  type Clock,
  RUNNER_LIMITS as LIMITS,
  parseForeign,
  type RunEndReason,
  type RunId,
  type RunnerEnded,
  type RunnerOutput,
  type RunnerPhase,
  type RunnerStart,
  RunStream,
  streamText,
} from '@codesync/protocol';
import { agentStart, limitsOf, type RunLimits } from './agent-start.ts';
import { blobFilesOf, gather } from './blob-files.ts';
import type { BlobAsker } from './blobs.ts';
import { type EndFacts, endMessage, silentMessage } from './end-message.ts';
import { type AgentExit, agentExit, FROM_AGENT, type Frame, TO_AGENT } from './frames.ts';
import { HINT_UNITS } from './hints.ts';
import { BACKSTOP_MS, BINARY_MS, STOP_BACKSTOP_MS } from './limits.ts';
import { OutputText } from './output-text.ts';
import type { Ticket } from './pool.ts';
import { endOf } from './run-end.ts';
import type { Sandbox } from './sandbox.ts';

export type RunState =
  /** `ticket` is null while it is being taken out. */
  | { readonly at: 'queued'; readonly ticket: Ticket | null }
  /** Its sandbox gets the files that are no text, some of which are on their way. */
  | { readonly at: 'gathering'; readonly sandbox: Sandbox; readonly giveUp: () => void }
  /** The sandbox has the code. `stopping`: it has been told to end, and an end of any kind is a stop. */
  | { readonly at: 'active'; readonly sandbox: Sandbox; readonly cached: boolean; readonly stopping: boolean }
  | { readonly at: 'ended' };

export type RunEvent = RunnerPhase | RunnerOutput | RunnerEnded | BlobWanted;

/** What a run needs from those around it. */
export type RunSurroundings = {
  emit(event: RunEvent): void;
  /** Asks the pool; it answers through `given`, `waiting` and `refused`. */
  acquire(run: Run): Ticket;
  /** The run needs its sandbox no longer. */
  release(sandbox: Sandbox): void;
  /** As `want` of `Blobs`. */
  wantBlob(blob: BlobRef, asker: BlobAsker): () => void;
  /** The binary of an earlier run of the same sources. */
  cachedBinary(): Buffer | undefined;
  keepBinary(binary: Buffer): void;
  log(problem: string): void;
  readonly clock: Clock;
};

export class Run {
  readonly id: RunId;
  readonly #start: RunnerStart;
  readonly #around: RunSurroundings;
  readonly #limits: RunLimits;
  readonly #output: OutputText;
  /** The end of each stream, for the hints. */
  readonly #tails: Record<RunStream, string> = { stdout: '', stderr: '' };
  #state: RunState = { at: 'queued', ticket: null };
  #stdin: { readonly type: string; readonly payload: Buffer }[] = [];
  #stdinBytes = 0;
  #stdinDropped = 0;
  /** How many outputs were emitted; the number of the last. */
  #outputs = 0;
  #startedAt: number | null = null;
  #compiling = false;
  #callOffBackstop: (() => void) | null = null;

  constructor(start: RunnerStart, around: RunSurroundings) {
    this.id = start.run;
    this.#start = start;
    this.#around = around;
    this.#limits = limitsOf(start);
    this.#output = new OutputText((words) => {
      for (const stream of RunStream.options)
        this.#tails[stream] = (this.#tails[stream] + streamText(words, stream)).slice(-HINT_UNITS);
      around.emit({ type: 'run.output', run: this.id, n: ++this.#outputs, ...words });
    }, around.clock);
  }

  get state(): RunState {
    return this.#state;
  }

  /** Claims a sandbox. */
  begin(): void {
    const ticket = this.#around.acquire(this);
    // The pool may have answered before it returned.
    if (this.#state.at === 'queued') this.#state = { at: 'queued', ticket };
  }

  /** Ends the run before anything is begun. */
  refuse(reason: RunEndReason, message: string): void {
    this.#end({ ...NOTHING_RAN, reason, message });
  }

  waiting(position: number): void {
    if (this.#state.at === 'queued')
      this.#around.emit({ type: 'run.phase', run: this.id, phase: 'queued', position });
  }

  /** A sandbox is there: everything it needs goes out in this call, but for blobs that the runner does not have. */
  given(sandbox: Sandbox): void {
    if (this.#state.at !== 'queued') {
      this.#around.release(sandbox);
      return;
    }
    if (blobFilesOf(this.#start).length === 0) {
      this.#handOver(sandbox);
      return;
    }
    this.#state = { at: 'gathering', sandbox, giveUp: () => {} };
    sandbox.listen({
      frame: (frame) => this.#lost(sandbox, `frame ${frame.type} ahead of the run`),
      closed: (lost) => this.#lost(sandbox, lost),
    });
    // It may have been lost by now.
    if (this.#state.at !== 'gathering') return;
    const giveUp = gather(this.#start, sandbox, {
      around: this.#around,
      done: () => this.#handOver(sandbox),
      failed: (message) => this.#endWithoutWord('infrastructure', message),
    });
    // All of it may have been there.
    if (this.#state.at === 'gathering') this.#state = { at: 'gathering', sandbox, giveUp };
  }

  /** The sandbox has the files that are no text. It gets the rest. */
  #handOver(sandbox: Sandbox): void {
    const binary = this.#around.cachedBinary();
    this.#state = { at: 'active', sandbox, cached: binary !== undefined, stopping: false };
    this.#startedAt = this.#around.clock.now();
    if (binary !== undefined) sandbox.send(TO_AGENT.binary, binary);
    sandbox.send(TO_AGENT.start, JSON.stringify(agentStart(this.#start, this.#limits)));
    for (const frame of this.#stdin.splice(0)) sandbox.send(frame.type, frame.payload);
    this.#stdinBytes = 0;
    this.#armBackstop(this.#limits.wallMs + LIMITS.compileWallMs + BACKSTOP_MS, 'wall');
    sandbox.listen({
      frame: (frame) => this.#hear(sandbox, frame),
      closed: (lost) => void this.#gone(sandbox, lost),
    });
  }

  refused(reason: string): void {
    if (this.#state.at === 'queued') this.refuse('infrastructure', reason);
  }

  /** Text for the program; kept until there is one, within the limit. */
  stdin(text: string, eof: boolean): void {
    if (this.#state.at === 'ended') return;
    if (text !== '') this.#stdinFrame(TO_AGENT.stdin, Buffer.from(text));
    if (eof) this.#stdinFrame(TO_AGENT.stdinEnd, Buffer.alloc(0));
  }

  /** Ends the run, wherever it is. A second stop, or one after the end, changes nothing. */
  stop(): void {
    const state = this.#state;
    if (state.at === 'queued' || state.at === 'gathering') {
      if (state.at === 'queued') state.ticket?.cancel();
      this.#endWithoutWord('stopped');
    } else if (state.at === 'active' && !state.stopping) {
      this.#state = { ...state, stopping: true };
      state.sandbox.send(TO_AGENT.stop);
      this.#armBackstop(STOP_BACKSTOP_MS, 'stopped');
    }
  }

  /** Ends the run because the runner itself goes. */
  abandon(message: string): void {
    if (this.#state.at === 'queued') this.#state.ticket?.cancel();
    this.#endWithoutWord('infrastructure', message);
  }

  #stdinFrame(type: string, payload: Buffer): void {
    if (this.#state.at === 'active') this.#state.sandbox.send(type, payload);
    else if (this.#stdinBytes + payload.length > LIMITS.stdinBytes) this.#stdinDropped += payload.length;
    else {
      this.#stdinBytes += payload.length;
      this.#stdin.push({ type, payload });
    }
  }

  #hear(sandbox: Sandbox, frame: Frame): void {
    const state = this.#state;
    if (state.at !== 'active') return;
    switch (frame.type) {
      case FROM_AGENT.stdout:
        this.#output.push('stdout', frame.payload);
        return;
      case FROM_AGENT.stderr:
        this.#output.push('stderr', frame.payload);
        return;
      case FROM_AGENT.phase: {
        const phase = frame.payload.toString() === 'compiling' ? 'compiling' : 'running';
        this.#compiling = phase === 'compiling';
        this.#around.emit({ type: 'run.phase', run: this.id, phase });
        return;
      }
      case FROM_AGENT.exit: {
        const exit = parseForeign(agentExit, parseJson(frame.payload));
        if (exit.success) this.#finish(sandbox, exit.data, state.cached);
        else this.#lost(sandbox, `an EXIT that is none: ${exit.error.message}`);
        return;
      }
      default:
        this.#lost(sandbox, `frame ${frame.type} in mid-run`);
    }
  }

  #finish(sandbox: Sandbox, exit: AgentExit, cached: boolean): void {
    // The hints are read from what was printed to the end.
    this.#output.end();
    this.#end(
      endOf(exit, {
        start: this.#start,
        limits: this.#limits,
        cached,
        tails: this.#tails,
        droppedBytes: exit.stdinDropped + this.#stdinDropped,
      }),
    );
    if (exit.binary) this.#awaitBinary(sandbox);
    else this.#around.release(sandbox);
  }

  /** What is known without the agent's word for it. */
  #facts(tookMs: number): EndFacts {
    return { limits: this.#limits, compiling: this.#compiling, tookMs };
  }

  /** The run is over for everyone else; its sandbox still hands over what it compiled. */
  #awaitBinary(sandbox: Sandbox): void {
    let open = true;
    const done = () => {
      if (!open) return;
      open = false;
      callOff();
      this.#around.release(sandbox);
    };
    const callOff = this.#around.clock.after(BINARY_MS, done);
    sandbox.listen({
      frame: (frame) => {
        if (open && frame.type === FROM_AGENT.binary) this.#around.keepBinary(Buffer.from(frame.payload));
        done();
      },
      closed: done,
    });
  }

  #lost(sandbox: Sandbox, lost: string): void {
    const state = this.#state;
    if (!('sandbox' in state) || state.sandbox !== sandbox) return;
    this.#around.log(`run ${this.id} lost its sandbox: ${lost}`);
    this.#endWithoutWord(state.at === 'active' && state.stopping ? 'stopped' : 'infrastructure');
  }

  /** The stream ended without an EXIT. Memory is what can take the agent itself. */
  async #gone(sandbox: Sandbox, lost: string): Promise<void> {
    const ranOut = await sandbox.ranOutOfMemory();
    if (ranOut && this.#state.at === 'active' && !this.#state.stopping) this.#endWithoutWord('memory');
    else this.#lost(sandbox, lost);
  }

  #armBackstop(ms: number, reason: RunEndReason): void {
    this.#callOffBackstop?.();
    this.#callOffBackstop = this.#around.clock.after(ms, () =>
      this.#endWithoutWord(
        reason,
        reason === 'wall' ? silentMessage(this.#facts(this.#sinceStart())) : undefined,
      ),
    );
  }

  #sinceStart(): number {
    return this.#startedAt === null ? 0 : this.#around.clock.now() - this.#startedAt;
  }

  /** Ends the run without the agent's word for it, and takes its sandbox away. */
  #endWithoutWord(reason: RunEndReason, message = endMessage(reason, this.#facts(0))): void {
    const state = this.#state;
    const wallMs = this.#sinceStart();
    this.#end({ ...NOTHING_RAN, reason, wallMs, ...(message ? { message } : {}) });
    if (state.at === 'gathering') state.giveUp();
    if ('sandbox' in state) this.#around.release(state.sandbox);
  }

  #end(end: Omit<RunnerEnded, 'type' | 'run'>): void {
    if (this.#state.at === 'ended') return;
    this.#state = { at: 'ended' };
    this.#callOffBackstop?.();
    this.#output.end();
    this.#around.emit({ type: 'run.ended', run: this.id, ...end });
  }
}

const NOTHING_RAN = {
  exitCode: null,
  signal: null,
  wallMs: 0,
  compileMs: 0,
  cpuMs: 0,
  peakBytes: 0,
  truncated: { stdout: 0, stderr: 0 },
  cached: false,
} as const;

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
