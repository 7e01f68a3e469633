/**
 * The text engine alone: how fast a trace replays, how fast edits are taken in while nothing is acknowledged, and
 * how long it takes to come back from offline.
 *
 *   npm run bench -- ot [--json]              a made-up trace
 *   TRACES=folder npm run bench -- ot         recorded ones (editing-traces format, *.json.gz)
 */
import { type Client, catchUp, edit, type Op, openClient, TextBuffer } from '@codesync/ot';
import { measure, type Result, report, timed } from './lib/measure.ts';
import { scattered, type Trace, traces } from './lib/traces.ts';

const OFFLINE_EDITS = 10_000;
const FILE_UNITS = 200_000;

function replay({ name, start, ops, end }: Trace): Result {
  return measure(`${name}: replay into a buffer`, 'edits/s', () => {
    const buffer = TextBuffer.from(start);
    const ms = timed(() => {
      for (const op of ops) buffer.apply(op);
    });
    if (buffer.toString() !== end) throw new Error(`${name}: the replay ends in another text`);
    return perSecond(ops.length, ms);
  });
}

function local({ name, start, ops }: Trace): Result {
  return measure(`${name}: local edits, unacknowledged`, 'edits/s', () => {
    const buffer = TextBuffer.from(start);
    return perSecond(
      ops.length,
      timed(() => void typeAll(openClient(0), ops, buffer)),
    );
  });
}

function comeBack(): Result {
  const mine = scattered(OFFLINE_EDITS, FILE_UNITS, 1);
  const theirs = scattered(OFFLINE_EDITS, FILE_UNITS, 2).map((op) => ({ op }));
  const name = `${OFFLINE_EDITS.toLocaleString('en')} offline edits over as many remote ones`;
  return measure(name, 'ms', () => {
    const client = typeAll(openClient(0), mine, TextBuffer.from('x'.repeat(FILE_UNITS)));
    return timed(() => void catchUp(client, theirs, 2));
  });
}

function typeAll(start: Client, ops: readonly Op[], buffer: TextBuffer): Client {
  let client = start;
  for (const op of ops) {
    buffer.apply(op);
    client = edit(client, op, 1).client;
  }
  return client;
}

function perSecond(count: number, ms: number): number {
  return (count / ms) * 1000;
}

report('ot', [...traces().flatMap((trace) => [replay(trace), local(trace)]), comeBack()]);
