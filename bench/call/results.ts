/** What a line of this bench finds, and how it is told. */
import { describeMachine, type Machine } from '../lib/machine.ts';
import { quantile } from '../lib/stats.ts';
import { duration, table } from '../lib/table.ts';

/** Milliseconds, one for each time. */
type Figure = { readonly what: string; readonly ms: readonly number[] };

export type Found = {
  readonly line: string;
  readonly figures: readonly Figure[];
};

export type Results = {
  readonly machine: Machine;
  /** How packets were held. */
  readonly how: string;
  /** Round trips of a person, in milliseconds: to the server, to the relay, and to the other person. */
  readonly roundTripMs: { readonly server: number; readonly relay: number; readonly peer: number };
  readonly found: readonly Found[];
};

export function asText({ machine, how, roundTripMs, found }: Results): string {
  const rows = found.flatMap(({ line, figures }) =>
    figures.map(({ what, ms }) => [
      `${line}: ${what}`,
      duration(quantile(ms, 0.5)),
      duration(quantile(ms, 0.95)),
      duration(Math.max(...ms)),
      `${ms.length}`,
    ]),
  );
  const { server, relay, peer } = roundTripMs;
  return [
    table(['', 'p50', 'p95', 'most', 'times'], rows),
    `Round trips: ${duration(server)} to the server, ${duration(peer)} to the other person, ${duration(relay)} to the relay, by ${how}.`,
    describeMachine(machine),
  ].join('\n\n');
}
