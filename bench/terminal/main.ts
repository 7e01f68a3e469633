/**
 * A terminal through the runner, and a bare one (README.md says what the lines mean).
 *
 *   npm run bench -- terminal [--json]
 */
import { startRunner } from '../../apps/runner/test/integration/runner-process.ts';
import { flags } from '../lib/flags.ts';
import { machine } from '../lib/machine.ts';
import { median } from '../lib/stats.ts';
import { duration, rate, table } from '../lib/table.ts';
import { bareEchoes } from './bare.ts';
import { type Figures, throughRunner } from './runner.ts';

const { json } = flags([], ['json']);
const made = machine();
const bare = await bareEchoes();
const runner = await startRunner();
let figures: Figures;
try {
  figures = await throughRunner(runner);
} finally {
  await runner.end();
}

const lines = {
  prompt: { runner: median(figures.promptMs), bare: null },
  echo: { runner: median(figures.echoMs), bare: bare === null ? null : median(bare) },
  beside: { runner: median(figures.besideMs), bare: null },
  flood: { runner: figures.floodBytesPerSecond, bare: null },
};
if (json) console.log(JSON.stringify({ machine: made, lines }, null, 2));
else {
  const shown = (ms: number | null) => (ms === null ? '–' : duration(ms));
  console.log(`${made.cpu}, ${made.cores} cores, load ${made.load}\n`);
  console.log(
    table(
      ['', 'runner', 'bare'],
      [
        ['prompt', shown(lines.prompt.runner), shown(lines.prompt.bare)],
        ['echo', shown(lines.echo.runner), shown(lines.echo.bare)],
        ['echo beside a flood', shown(lines.beside.runner), shown(lines.beside.bare)],
        ['flood', `${rate(lines.flood.runner)} bytes`, '–'],
      ],
    ),
  );
}
