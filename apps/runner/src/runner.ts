/**
 * The runner as a whole: an engine, an image and a pool, kept working for as long as it lives. It says at every
 * moment where it stands, comes back by itself when the engine does, and leaves nothing behind.
 */
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Language, type RunnerStatus, type SandboxCheck } from '@codesync/protocol';
import type Docker from 'dockerode';
import type { Logger } from 'pino';
import { BinaryCache } from './binary-cache.ts';
import { RUNS_AT_ONCE, WORKSPACES_AT_ONCE } from './capacity.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { answered } from './deadline.ts';
import { type Engine, engineProblem, ensureEngine, releaseEngine } from './engine.ts';
import { mendOf } from './engine-trouble.ts';
import { ensureImage } from './image.ts';
import { postJanitor } from './janitor.ts';
import {
  CACHE_BYTES,
  CACHE_ROOM_BYTES,
  ENGINE_DEADLINE_MS,
  ENGINE_PING_MS,
  SLOTS,
  STARTING_AT_ONCE,
  STARTING_FOR_WAITING,
  WARM,
} from './limits.ts';
import { Pool } from './pool.ts';
import { processName } from './process-name.ts';
import { type PoolKey, purposeOf } from './profiles.ts';
import { reap, removeContainersOf } from './reaper.ts';
import { Runs } from './runs.ts';
import { type Attached, type Sandbox, startSandbox } from './sandbox.ts';
import { type EngineFacts, judge, probe, summary } from './self-check.ts';
import { RunnerSocket } from './socket.ts';
import { imageFinding, lastLine, Unusable, unreadySentence } from './unready.ts';
import { Workspaces } from './workspaces.ts';

const SANDBOX_FOLDER = fileURLToPath(new URL('../../../sandbox', import.meta.url));
/** Pool counts change several times within one run; a server hears of them this often at most. */
const POOL_STATUS_MS = 100;
/** How soon an engine is looked for again, and a build that failed begun again. */
const ENGINE_RETRY_MS = 2_000;
const BUILD_RETRY_MS = 30_000;

type Up = { readonly engine: Engine & { kind: 'up' }; readonly image: string; readonly cpus: number };

export class Runner {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #self = processName();
  readonly #janitor = postJanitor(this.#self);
  readonly #pool: Pool<PoolKey, Sandbox>;
  readonly #runs: Runs;
  readonly #workspaces: Workspaces;
  readonly #socket: RunnerSocket;
  #status: RunnerStatus = { type: 'status', phase: 'starting', detail: 'Looking for a container engine.' };
  /** Containers with a stream to here: no other of this runner's is wanted. */
  readonly #attached: Attached = new Map();
  /** What sandboxes are made with; null while there is no engine or no image. */
  #up: Up | null = null;
  #engine: (Engine & { kind: 'up' }) | null = null;
  #closing: Promise<void> | null = null;
  #wake: (() => void) | null = null;
  #poolStatus: NodeJS.Timeout | null = null;

  constructor(config: Config, log: Logger) {
    this.#config = config;
    this.#log = log;
    mkdirSync(config.dataDir, { recursive: true });
    this.#pool = new Pool<PoolKey, Sandbox>(
      {
        create: (key, slot) => {
          const up = this.#up;
          if (up === null) return Promise.reject(new Error('there is no engine'));
          const { docker } = up.engine;
          const { instance, runtime } = config;
          const [runner, attached] = [this.#self, this.#attached];
          const { image, cpus } = up;
          const clock = systemClock;
          const factory = { docker, image, instance, runner, cpus, runtime, attached, clock };
          return startSandbox(factory, purposeOf(key), slot).catch((error: unknown) => {
            log.warn({ err: error, key }, 'a sandbox could not be made');
            this.#wake?.();
            throw error;
          });
        },
        destroy: (sandbox) => sandbox.destroy(),
        watch: (sandbox, dead) =>
          sandbox.listen({
            frame: dead,
            closed: (lost) => {
              log.debug({ lost }, 'a waiting sandbox ended');
              this.#wake?.();
              dead();
            },
          }),
      },
      {
        warm: WARM,
        startingAtOnce: STARTING_AT_ONCE,
        startingForWaiting: STARTING_FOR_WAITING,
        slots: SLOTS,
        shares: [
          { keys: Language.options, busy: RUNS_AT_ONCE },
          { keys: ['workspace'], busy: WORKSPACES_AT_ONCE },
        ],
      },
      systemClock,
      () => this.#poolChanged(),
    );
    this.#runs = new Runs({
      pool: this.#pool,
      cache: new BinaryCache(CACHE_BYTES, CACHE_ROOM_BYTES),
      image: () => this.#up?.image ?? null,
      unready: () => unreadySentence(this.#status),
      clock: systemClock,
      log: (problem) => log.warn(problem),
    });
    this.#workspaces = new Workspaces({
      pool: this.#pool,
      unready: () => unreadySentence(this.#status),
      clock: systemClock,
      log: (problem) => log.warn(problem),
    });
    this.#socket = new RunnerSocket({
      path: config.socket,
      instance: config.instance,
      runs: this.#runs,
      workspaces: this.#workspaces,
      status: () => this.#status,
    });
  }

  /** Listens, then works until `close`. Rejects only when the socket cannot be had. */
  async start(): Promise<void> {
    await this.#socket.listen();
    void this.#keepUp();
  }

  /** Ends all runs and workspaces, and removes every container of this runner; stops the engine if it was started here. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#wake?.();
    this.#runs.abandonAll('CodeSync was stopped.');
    this.#workspaces.abandonAll('CodeSync was stopped.');
    await this.#pool.close('CodeSync was stopped.');
    // The engine may be about to make what was asked for a moment ago: it is there to be removed only afterwards.
    await this.#pool.settled();
    if (this.#engine !== null) {
      // Where the engine does not answer now, the janitor goes on trying for a while.
      await this.#removeContainers(this.#engine.docker).then(
        () => this.#janitor.dismiss(),
        (error: unknown) => this.#log.warn({ err: error }, 'containers may be left; they end by themselves'),
      );
      await releaseEngine(this.#engine, this.#config.dataDir, this.#config.instance);
    } else {
      this.#janitor.dismiss();
    }
    await this.#socket.close();
  }

  /** Rejects soon when the engine does not answer: what ends has no time for all that it could be asked. */
  async #removeContainers(docker: Docker): Promise<void> {
    const problem = await engineProblem(docker);
    if (problem !== null) throw new Error(`the container engine does not answer: ${problem}`);
    const { left } = await removeContainersOf(docker, this.#self);
    if (left.length > 0) throw new Error(`the container engine does not remove ${left.join(', ')}`);
  }

  /** From nothing to ready, and back there whenever the engine goes. */
  async #keepUp(): Promise<void> {
    while (this.#closing === null) {
      let retryMs = ENGINE_RETRY_MS;
      try {
        await this.#comeUp();
        if (this.#up !== null && this.#closing === null) await this.#untilLost(this.#up.engine.docker);
      } catch (error) {
        if (this.#closing !== null) return;
        retryMs = error instanceof Unusable ? error.retryMs : BUILD_RETRY_MS;
        const { reason, mend } = error instanceof Unusable ? error.finding : imageFinding(error);
        this.#log.error({ err: error, mend }, reason);
        this.#say({ type: 'status', phase: 'failed', reason, mend });
      }
      if (this.#closing === null) await this.#pause(retryMs);
    }
  }

  async #comeUp(): Promise<void> {
    const { docker: mode, dataDir, instance } = this.#config;
    const engine = await ensureEngine({
      mode,
      dataDir,
      say: (phase, detail) => {
        this.#log.info(detail);
        this.#say({ type: 'status', phase, detail });
      },
    });
    if (engine.kind === 'absent') {
      this.#say({ type: 'status', phase: 'absent', reason: engine.reason, mend: engine.mend });
      return;
    }
    // An engine that was started here before stays ours when it is merely found again.
    this.#engine = engine.owner.kind === 'other' && this.#engine !== null ? this.#engine : engine;
    const [{ removed, left }, info] = await Promise.all([
      reap(engine.docker, instance, this.#self, this.#attached),
      answered(engine.docker.info() as Promise<{ NCPU?: number } & EngineFacts>),
    ]);
    if (removed > 0) this.#log.info({ removed }, 'removed containers that a dead runner left');
    if (left.length > 0) this.#log.warn({ left }, 'the engine does not remove these containers');
    const began = performance.now();
    const image = await ensureImage({
      docker: engine.docker,
      folder: SANDBOX_FOLDER,
      progress: (progress) => this.#say({ type: 'status', phase: 'preparing', ...progress }),
    });
    this.#log.info({ image, ms: Math.round(performance.now() - began) }, 'the sandbox image is there');
    // A pool that is opened now would be closed by nobody.
    if (this.#closing !== null) return;
    this.#up = { engine, image, cpus: info.NCPU ?? availableParallelism() };
    this.#say({ type: 'status', phase: 'starting', detail: 'Checking the walls of the sandbox.' });
    this.#pool.open();
    const check = await this.#prove(info);
    this.#say({ type: 'status', phase: 'ready', ...this.#counts(), image, check });
  }

  /** What a sandbox has shown of its walls, which stand; else closes the pool and throws Unusable. */
  async #prove(engine: EngineFacts): Promise<SandboxCheck> {
    try {
      const met = await probe(this.#pool, systemClock, (problem) => this.#log.warn(problem)).catch(
        (error: unknown) => {
          const said = lastLine(error);
          const reason = `The sandbox could not be checked: ${said}`;
          const mend =
            mendOf(said) ?? 'See the log for what the engine said. CodeSync tries again by itself.';
          throw new Unusable({ reason, mend }, ENGINE_RETRY_MS);
        },
      );
      const { walls, gaps } = judge(met, engine);
      const broken = walls[0];
      if (broken !== undefined) {
        this.#log.error({ walls, met }, 'the walls of the sandbox do not stand');
        throw new Unusable(broken, BUILD_RETRY_MS);
      }
      this.#log.info(summary(met));
      for (const { reason, mend } of gaps) this.#log.warn(`${reason} ${mend}`);
      return { summary: summary(met), gaps: [...gaps] };
    } catch (error) {
      this.#up = null;
      await this.#pool.close('The sandbox is not safe to use.');
      throw error;
    }
  }

  /** Returns when the engine no longer answers, or hangs: with the pool closed, and every sandbox given up. */
  async #untilLost(docker: Docker): Promise<void> {
    for (;;) {
      await this.#pause(ENGINE_PING_MS);
      if (this.#closing !== null) return;
      if ((await engineProblem(docker, ENGINE_DEADLINE_MS)) !== null) break;
    }
    this.#up = null;
    this.#log.warn('the engine no longer answers');
    this.#say({
      type: 'status',
      phase: 'starting',
      detail: 'The container engine went away; waiting for it.',
    });
    const closed = this.#pool.close('The container engine went away. Try again when it is back.');
    // An engine that hangs has closed no stream.
    for (const sandbox of [...this.#attached.values()]) sandbox.lose('the engine does not answer');
    await closed;
  }

  /** Sleeps, unless something happens that is worth a look at once. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #counts(): Pick<RunnerStatus & { phase: 'ready' }, 'pools' | 'workspaces'> {
    const { workspace: workspaces, ...pools } = this.#pool.counts();
    return { pools, workspaces };
  }

  #say(status: RunnerStatus): void {
    this.#status = status;
    this.#socket.broadcast(status);
  }

  #poolChanged(): void {
    if (this.#status.phase !== 'ready' || this.#poolStatus !== null) return;
    this.#poolStatus = setTimeout(() => {
      this.#poolStatus = null;
      if (this.#status.phase === 'ready') this.#say({ ...this.#status, ...this.#counts() });
    }, POOL_STATUS_MS);
    this.#poolStatus.unref();
  }
}
