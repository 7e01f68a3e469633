/** The figures as a table for people and as JSON. */

import { describeMachine, type Machine } from '../lib/machine.ts';
import { median } from '../lib/stats.ts';
import { digits, table } from '../lib/table.ts';
import { sizeOf, type Unit, type Verdict } from './laws.ts';
import type { Counts } from './room.ts';
import type { Sample } from './sample.ts';
import type { Truth } from './truth.ts';

export type Results = {
  readonly at: Date;
  readonly machine: Machine;
  readonly minutes: number;
  readonly secondsOfLoad: number;
  readonly seed: number;
  readonly rooms: number;
  readonly counts: readonly Counts[];
  readonly before: readonly Sample[];
  readonly load: readonly Sample[];
  readonly after: readonly Sample[];
  readonly verdicts: readonly Verdict[];
  readonly truth: Truth;
  /** What went wrong beside the rooms. */
  readonly troubles: readonly string[];
};

export function asJson(results: Results): string {
  return JSON.stringify({ bench: 'soak', ...results, counts: totals(results.counts) }, null, 2);
}

export function asText(results: Results): string {
  const { at, machine, rooms, seed, minutes, truth, troubles, load } = results;
  const done = totals(results.counts);
  const perSecond = (count: number): string => digits(count / results.secondsOfLoad);
  return [
    `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${describeMachine(machine)}`,
    `${rooms} rooms, ${minutes} minutes, seed ${seed}: ${done.keys} keys (${perSecond(done.keys)}/s), ${done.runs} runs, ${done.returns} returns (${done.abrupt} lost without a word), ${done.visits} visits; ${truth.events} events and ${truth.runs} runs in the logs.`,
    growthTable(results.verdicts),
    sizes(results),
    `Event loop of the server late by (median of windows of 5 s): p50 ${ms(load, 'p50')}, p99 ${ms(load, 'p99')}, longest ${ms(load, 'max')}.`,
    faultsText('Logs, replicas and runs', truth.faults),
    faultsText('Beside the rooms', troubles),
  ].join('\n\n');
}

function growthTable(verdicts: readonly Verdict[]): string {
  const header = [
    '',
    'at rest',
    '1st third',
    '2nd',
    '3rd',
    'growth',
    'allowed',
    'rest after',
    'kept',
    'allowed',
    '',
  ];
  const rows = verdicts.map(
    ({ what, unit, before, thirds, after, growth, allowed, kept, allowedKept, holds }) => [
      what,
      figure(unit, before),
      ...thirds.map((value) => figure(unit, value)),
      signed(unit, growth),
      figure(unit, allowed),
      figure(unit, after),
      signed(unit, kept),
      figure(unit, allowedKept),
      holds ? '✓' : '✗',
    ],
  );
  return table(header, rows);
}

/** What grows with the log, and how much. */
function sizes({ before, after, truth }: Results): string {
  const first = before[0];
  const last = after.at(-1);
  if (first === undefined || last === undefined) return 'No sample was taken at rest.';
  const events = last.events - first.events;
  const grown = (name: string): number => sizeOf(last.tables[name]) - sizeOf(first.tables[name]);
  const rows = ['room_event', 'room_keyframe'].map((name) => [
    `table ${name}, with its indexes`,
    figure('bytes', sizeOf(first.tables[name])),
    figure('bytes', sizeOf(last.tables[name])),
    `${digits(grown(name) / events)} B`,
  ]);
  const notes = `The rows of the log: ${figure('bytes', truth.logBytes)}. Keyframes: ${last.keyframes}, at most ${digits(truth.keyframesPer100)} for 100 events of a room, at most ${truth.widestGap} events apart.`;
  return `${table(['', 'before', 'after', 'per event'], rows)}\n${notes}`;
}

function faultsText(what: string, faults: readonly string[]): string {
  if (faults.length === 0) return `${what}: nothing wrong.`;
  const shown = faults.slice(0, 20).map((fault) => `  ${fault}`);
  const more = faults.length > shown.length ? [`  and ${faults.length - shown.length} more`] : [];
  return [`${what}: ${faults.length} wrong`, ...shown, ...more].join('\n');
}

function totals(counts: readonly Counts[]): Counts {
  const sum: Counts = { keys: 0, returns: 0, abrupt: 0, visits: 0, runs: 0 };
  for (const one of counts) for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += one[key];
  return sum;
}

function ms(samples: readonly Sample[], which: 'p50' | 'p99' | 'max'): string {
  if (samples.length === 0) return '–';
  const values = samples.map(({ server }) => server.lag[which]);
  return `${digits(which === 'max' ? Math.max(...values) : median(values))} ms`;
}

function signed(unit: Unit, value: number): string {
  return `${value < 0 ? '−' : '+'}${figure(unit, Math.abs(value))}`;
}

function figure(unit: Unit, value: number): string {
  if (Number.isNaN(value)) return '–';
  if (unit === 'count') return String(Math.round(value * 10) / 10);
  return value >= 1e6
    ? `${digits(value / 1e6)} MB`
    : value >= 1e3
      ? `${digits(value / 1e3)} kB`
      : `${digits(value)} B`;
}
