/** The bench itself. It runs in a network namespace of its own, which `main.ts` gives it, until its standard input ends. */
import { flags, pick } from '../lib/flags.ts';
import { machine } from '../lib/machine.ts';
import { changesOf } from './change.ts';
import { joinsOf } from './join.ts';
import { asText, type Found, type Results } from './results.ts';
import { Stage } from './stage.ts';

const chosen = flags(['lines', 'joins', 'changes'], ['json']);
const joins = Number(chosen.joins ?? 20);
const changes = Number(chosen.changes ?? 10);
const LINES = {
  direct: (stage: Stage) => joinsOf(stage, 'direct', joins),
  relay: (stage: Stage) => joinsOf(stage, 'relay', joins),
  change: (stage: Stage) => changesOf(stage, changes),
};
const lines = pick(chosen.lines, Object.keys(LINES) as (keyof typeof LINES)[], 'line');
const made = machine();
const opening = Stage.open();

/** Ends this process when nothing is left of what it started. */
let closing: Promise<void> | null = null;
async function end(code: number): Promise<never> {
  closing ??= opening.then(
    (stage) => stage.close(),
    () => {},
  );
  await closing;
  process.exit(code);
}

process.on('SIGTERM', () => void end(143));
// A terminal tells all of its processes. The one that started this one passes it on, as SIGTERM.
process.on('SIGINT', () => {});
process.stdin.once('end', () => void end(1)).resume();

try {
  const stage = await opening;
  const { network } = stage;
  const roundTripMs = {
    server: await network.roundTripMs('ada', 'server'),
    relay: await network.roundTripMs('ada', 'relay'),
    peer: await network.roundTripMs('ada', 'bea'),
  };
  const found: Found[] = [];
  for (const line of lines) {
    process.stderr.write(`${line}\n`);
    found.push(await LINES[line](stage));
  }
  const results: Results = { machine: made, how: network.how, roundTripMs, found };
  console.log(chosen.json ? JSON.stringify(results, null, 2) : asText(results));
  await end(0);
} catch (error) {
  if (closing === null) {
    console.error(error);
    await end(1);
  }
}
