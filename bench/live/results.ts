/** The figures as a table for people and as JSON. */
import { describeMachine, type Machine, versionOf } from '../lib/machine.ts';
import { digits, table } from '../lib/table.ts';
import { type Goal, LINES, type LineName, type Metric, type Outcome, type Size, type Unit } from './lines.ts';
import { loadPeer, PEERS, type PeerName } from './peers/index.ts';

export type Results = {
  readonly at: Date;
  readonly machine: Machine;
  readonly size: Size;
  readonly peers: readonly PeerName[];
  readonly outcomes: ReadonlyMap<LineName, ReadonlyMap<PeerName, Outcome>>;
};

/** The peer that the goals are about, and the one that is a limit and no rival. */
const OURS: PeerName = 'codesync';
const ECHO: PeerName = 'echo';

export async function asJson(results: Results): Promise<string> {
  const { at, machine, size, peers, outcomes } = results;
  const lines = [...outcomes].map(([line, byPeer]) => ({
    line,
    title: LINES[line].title,
    metrics: LINES[line].metrics.map((metric: Metric, i) => ({
      what: metric.what,
      unit: metric.unit,
      peers: Object.fromEntries([...byPeer].map(([peer, { figures }]) => [peer, figures[i] ?? null])),
      ...(metric.goal === undefined ? {} : judge(metric.goal, figuresOf(byPeer, i))),
    })),
    faults: Object.fromEntries(
      [...byPeer].flatMap(([peer, { fault }]) => (fault === null ? [] : [[peer, fault]])),
    ),
  }));
  return JSON.stringify(
    { bench: 'live', at, machine, size, versions: await versions(peers), lines },
    null,
    2,
  );
}

export async function asText(results: Results): Promise<string> {
  const { at, machine, size, peers, outcomes } = results;
  const parts = [
    `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${describeMachine(machine)}`,
    `Medians of ${size.windows} windows, of the highest rates of ${size.searches} searches, of idle rooms of ${size.fills} servers, by turns. ${await durability(peers)}`,
    await versions(peers),
  ];
  for (const [line, byPeer] of outcomes) {
    const { title, metrics } = LINES[line];
    const header = ['', ...peers.map((peer) => PEERS[peer]), 'goal'];
    const rows = metrics.map((metric: Metric, i) => {
      const figures = figuresOf(byPeer, i);
      const cells = peers.map((peer) => figureText(metric.unit, figures.get(peer) ?? null));
      return [metric.what, ...cells, goalText(metric, figures)];
    });
    parts.push(`${line}  ${title}\n\n${table(header, rows)}`);
    for (const [peer, { fault }] of byPeer) if (fault !== null) parts.push(`${PEERS[peer]}: ${fault}`);
  }
  return parts.join('\n\n');
}

async function versions(peers: readonly PeerName[]): Promise<string> {
  const packages = new Set<string>();
  for (const name of peers) for (const used of (await loadPeer(name)).packages) packages.add(used);
  return [...packages].map((name) => `${name} ${versionOf(name)}`).join(', ');
}

async function durability(peers: readonly PeerName[]): Promise<string> {
  const durable: string[] = [];
  const not: string[] = [];
  for (const name of peers) {
    const { title, durable: kept } = await loadPeer(name);
    (kept ? durable : not).push(title);
  }
  return `On disk before anyone is told: ${durable.join(', ') || 'none'}. In memory alone: ${not.join(', ') || 'none'}.`;
}

type Figures = ReadonlyMap<PeerName, number | null>;

function figuresOf(byPeer: ReadonlyMap<PeerName, Outcome>, metric: number): Figures {
  return new Map([...byPeer].map(([peer, { figures }]) => [peer, figures[metric] ?? null]));
}

type Verdict = { readonly bound: number | null; readonly least: boolean; readonly reached: boolean | null };

function judge(goal: Goal, figures: Figures): Verdict {
  const ours = figures.get(OURS) ?? null;
  const { bound, least } = boundOf(goal, figures);
  if (ours === null || bound === null) return { bound, least, reached: null };
  const near = goal.kind === 'nearEcho';
  return { bound, least, reached: least ? ours >= bound : near ? ours <= bound : ours < bound };
}

/** `least`: the bound is the least to reach, not the most. */
function boundOf(goal: Goal, figures: Figures): { readonly bound: number | null; readonly least: boolean } {
  const echo = figures.get(ECHO) ?? null;
  switch (goal.kind) {
    case 'below':
      return { bound: goal.value, least: false };
    case 'atLeast':
      return { bound: goal.value, least: true };
    case 'nearEcho':
      return { bound: echo === null ? null : echo + goal.slack, least: false };
    case 'belowEcho':
      return { bound: echo, least: false };
    case 'atLeastEcho':
      return { bound: echo, least: true };
    case 'belowAll': {
      const others = [...figures].flatMap(([peer, figure]) =>
        peer === OURS || peer === ECHO || figure === null ? [] : [figure],
      );
      return { bound: others.length === 0 ? null : Math.min(...others), least: false };
    }
  }
}

function goalText({ goal, unit }: Metric, figures: Figures): string {
  if (goal === undefined) return '';
  const { bound, least, reached } = judge(goal, figures);
  if (bound === null) return '';
  const sign = least ? '≥' : goal.kind === 'nearEcho' ? '≤' : '<';
  return `${sign} ${figureText(unit, bound)}${reached === null ? '' : reached ? ' ✓' : ' ✗'}`;
}

function figureText(unit: Unit, value: number | null): string {
  if (value === null) return '';
  if (!Number.isFinite(value)) return '–';
  switch (unit) {
    case 'ms':
      return `${digits(value)} ms`;
    case 'us':
      return `${digits(value)} µs`;
    case 'bytes':
      return value >= 1e6
        ? `${digits(value / 1e6)} MB`
        : value >= 1e4
          ? `${digits(value / 1e3)} kB`
          : `${digits(value)} B`;
    case 'perSecond':
      return Math.round(value).toLocaleString('en');
  }
}
