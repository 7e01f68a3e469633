/**
 * Running programs, with CodeSync and without (README.md says what the lines mean).
 *
 *   npm run bench -- run [--lines python,cancel] [--ways runner,local] [--quick] [--json]
 *
 * It needs what `npm start` needs, and makes it by itself: a container engine and the sandbox image. When it is
 * stopped early, it tells the lines that it has.
 */
import { flags, pick } from '../lib/flags.ts';
import { machine } from '../lib/machine.ts';
import { type Bed, openBed } from './bed.ts';
import { LINES, type LineName } from './lines/index.ts';
import { FULL, type Line, type Outcomes, QUICK } from './measure.ts';
import { asJson, asText, type Results } from './results.ts';
import { WAYS } from './way.ts';

const chosen = flags(['lines', 'ways'], ['quick', 'json']);
const lines = pick(chosen.lines, Object.keys(LINES) as LineName[], 'line');
const ways = pick(chosen.ways, [...WAYS], 'way');
const size = chosen.quick ? QUICK : FULL;
const made = machine();
const outcomes = new Map<LineName, Outcomes>();
const early = new AbortController();
let bed: Bed | null = null;
let leaving: Promise<never> | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    early.abort();
    if (bed !== null) void leave(130);
  });
}

try {
  bed = await openBed(early.signal);
  if (early.signal.aborted) await leave(130);
  for (const name of lines) {
    process.stderr.write(`${name}  ${LINES[name].title}\n`);
    const line: Line = LINES[name];
    outcomes.set(name, await line.measure(bed, ways, size));
  }
  await leave(0);
} catch (error) {
  // Whatever fails while everything is being stopped means nothing.
  if (early.signal.aborted) await leave(130);
  console.error(error);
  await leave(1);
}

/** Tells what there is, clears everything away and ends the process; however often it is asked to, once. */
function leave(code: number): Promise<never> {
  leaving ??= (async () => {
    if (bed !== null) {
      tell(bed);
      await bed.stop().catch((error: unknown) => console.error(error));
    }
    process.exit(code);
  })();
  return leaving;
}

function tell({ versions, ways: all }: Bed): void {
  const titles = ways.map((name) => ({ name, title: all[name].title, remark: all[name].remark }));
  const results: Results = { at: new Date(), machine: made, size, versions, ways: titles, outcomes };
  console.log(chosen.json ? asJson(results) : asText(results));
}
