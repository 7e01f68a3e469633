// Figures for Prometheus: the one file that knows its client library.
import { Language, REFUSALS, type RefusalCode, RunEndReason, type SandboxFacts } from '@codesync/protocol';
import { Counter, collectDefaultMetrics, Gauge, Histogram, type Metric, Registry } from 'prom-client';
import type { Observer } from './ports.ts';
import { RecentTimes } from './recent-times.ts';

/** Figures that are read when somebody asks, and not counted all along. */
type MetricsSource = {
  load(): {
    readonly rooms: number;
    readonly clients: number;
    readonly participants: number;
    readonly waiting: number;
    readonly stalledSince: number | null;
  };
  /** Open sockets, in a room or not. */
  sockets(): { readonly all: number; readonly polling: number };
  sandbox(): SandboxFacts | null;
};

export type Metrics = {
  readonly observer: Observer;
  /** An HTTP request was answered, perhaps with a refusal. */
  answered(method: string, status: number, code?: RefusalCode): void;
  /** The way of the last edits, as `Observer.edited` was told it. */
  readonly recentEdits: RecentTimes;
  /** From here on the gauges can be read. */
  watch(source: MetricsSource): void;
  /** Everything in Prometheus' text format, and its content type. */
  text(): Promise<{ readonly type: string; readonly body: string }>;
};

/** Seconds. An edit takes a few milliseconds, unless the disk or the processor is at its limit. */
const EDIT_BUCKETS = [
  0.001, 0.0015, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
];
const EVENT_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000];
const FIRST_OUTPUT_BUCKETS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30];
const WALL_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT']);

/**
 * A histogram without labels, counted in place. There is an edit for every key, and the library's own histogram looks
 * its labels up for every value.
 */
class PlainHistogram {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly #bounds: readonly number[];
  /** Of each bucket alone; the last is for what is above every bound. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name;
    this.help = help;
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
    this.#counts[bucket]!++;
    this.#sum += value;
  }

  /** As the registry asks every metric for its values. */
  async get() {
    const { name, help, type, aggregator } = this;
    let count = 0;
    const buckets = [...this.#bounds, '+Inf'].map((le, i) => {
      count += this.#counts[i]!;
      return { metricName: `${name}_bucket`, labels: { le }, value: count };
    });
    const totals = [
      { metricName: `${name}_sum`, labels: {}, value: this.#sum },
      { metricName: `${name}_count`, labels: {}, value: count },
    ];
    return { name, help, type, aggregator, values: [...buckets, ...totals] };
  }
}

let ofProcess: Registry | null = null;

/** Event loop, memory, garbage collection: of the process, however many servers it holds. */
function processMetrics(): Registry {
  if (ofProcess === null) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

export function createMetrics(version: string): Metrics {
  const register = new Registry();
  const registers = [register];
  const counter = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = <Label extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[] = [],
  ) => new Histogram({ name, help, buckets, labelNames, registers });

  const edits = new PlainHistogram(
    'codesync_edit_seconds',
    'Time of an edit from the socket through the database to everyone.',
    EDIT_BUCKETS,
  );
  register.registerMetric(edits as unknown as Metric);
  const commitEvents = histogram('codesync_commit_events', 'Events in one statement.', EVENT_BUCKETS);
  const commits = histogram('codesync_commit_seconds', 'Time of one statement that appends.', EDIT_BUCKETS);
  const commitFailures = counter('codesync_commit_failures_total', 'Statements that failed.', ['reason']);
  const joins = counter('codesync_joins_total', 'Clients let in, by what they needed.', ['kind']);
  const resyncs = counter('codesync_resyncs_total', 'Rooms whose clients all had to join again.');
  const refusals = counter('codesync_refusals_total', 'Refusals told to clients.', ['code']);
  const checks = counter('codesync_hash_checks_total', 'Texts of clients compared.', ['verdict']);
  const divergences = counter('codesync_divergences_total', 'Texts of clients that were not the log’s.');
  const healed = counter('codesync_divergences_healed_total', 'Diverged texts that clients have replaced.');
  const runs = counter('codesync_runs_total', 'Runs that ended.', ['language', 'reason']);
  const firstOutput = histogram(
    'codesync_run_first_output_seconds',
    'Time from a run’s start to its first output, compile included; why it will end is not known then.',
    FIRST_OUTPUT_BUCKETS,
    ['language'],
  );
  const wall = histogram('codesync_run_wall_seconds', 'Time that programs ran.', WALL_BUCKETS, [
    'language',
    'reason',
  ]);
  const requests = counter('codesync_http_requests_total', 'HTTP requests answered.', ['method', 'status']);

  for (const reason of ['unavailable', 'fault']) commitFailures.inc({ reason }, 0);
  for (const kind of ['new', 'resumed', 'reloaded']) joins.inc({ kind }, 0);
  for (const code of Object.keys(REFUSALS)) refusals.inc({ code }, 0);
  for (const verdict of ['equal', 'unknown', 'diverged']) checks.inc({ verdict }, 0);
  for (const language of Language.options) {
    firstOutput.zero({ language });
    for (const reason of RunEndReason.options) {
      runs.inc({ language, reason }, 0);
      wall.zero({ language, reason });
    }
  }

  const recentEdits = new RecentTimes();
  return {
    recentEdits,
    observer: {
      edited: (ms) => {
        edits.observe(ms / 1000);
        recentEdits.add(ms);
      },
      committed: (events, ms) => {
        commitEvents.observe(events);
        commits.observe(ms / 1000);
      },
      commitFailed: (reason) => commitFailures.inc({ reason }),
      joined: (kind) => joins.inc({ kind }),
      resynced: () => resyncs.inc(),
      refused: (code) => refusals.inc({ code }),
      checked: (verdict) => {
        checks.inc({ verdict });
        if (verdict === 'diverged') divergences.inc();
      },
      healed: () => healed.inc(),
      spoke: (language, ms) => firstOutput.observe({ language }, ms / 1000),
      ended: (language, reason, wallMs) => {
        runs.inc({ language, reason });
        wall.observe({ language, reason }, wallMs / 1000);
      },
    },
    answered: (method, status, code) => {
      requests.inc({ method: METHODS.has(method) ? method : 'other', status });
      if (code !== undefined) refusals.inc({ code });
    },
    watch: (source) => addGauges(registers, source, version),
    text: async () => {
      const all = Registry.merge([register, processMetrics()]);
      return { type: all.contentType, body: await all.metrics() };
    },
  };
}

function addGauges(registers: Registry[], { load, sockets, sandbox }: MetricsSource, version: string): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('codesync_rooms', 'Rooms in memory.', () => load().rooms);
  gauge('codesync_clients', 'Clients in rooms.', () => load().clients);
  gauge('codesync_participants', 'People in rooms, once for each room.', () => load().participants);
  gauge('codesync_sockets', 'Open sockets, in a room or not.', () => sockets().all);
  gauge(
    'codesync_sockets_polling',
    'Those of them that poll, since something on the way lets no WebSocket through.',
    () => sockets().polling,
  );
  gauge('codesync_events_waiting', 'Events that are not in the database yet.', () => load().waiting);
  gauge('codesync_storage_stalled', '1 while nothing can be saved.', () =>
    load().stalledSince === null ? 0 : 1,
  );
  gauge('codesync_sandbox_up', '1 while code can be run.', () => (sandbox() === null ? 0 : 1));

  const perLanguage = (
    name: string,
    help: string,
    read: (pool: NonNullable<SandboxFacts['pools'][Language]>) => number,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: ['language'],
      registers,
      collect() {
        for (const language of Language.options) {
          const pool = sandbox()?.pools[language];
          this.set({ language }, pool === undefined ? 0 : read(pool));
        }
      },
    });
  perLanguage('codesync_sandboxes_ready', 'Warm sandboxes.', ({ warm }) => warm);
  perLanguage('codesync_sandboxes_wanted', 'Warm sandboxes that there should be.', ({ wanted }) => wanted);
  perLanguage('codesync_sandboxes_busy', 'Sandboxes that run somebody’s code.', ({ busy }) => busy);
  perLanguage('codesync_runs_waiting', 'Runs that wait for a sandbox.', ({ queued }) => queued);

  new Gauge({
    name: 'codesync_build_info',
    help: 'Always 1; the labels say what this is.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.versions.node }, 1);
}
