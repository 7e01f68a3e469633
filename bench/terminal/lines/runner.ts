/** What is measured through the runner's socket: the way that the server's keys take. */
import { type RunnerProcess, startRunner } from '../../../apps/runner/test/integration/runner-process.ts';
import type { ClientTerminal } from '../../../apps/runner/test/support/client-workspace.ts';
import { median } from '../../lib/stats.ts';
import { bareEchoes, KEYS } from '../ptys/bare.ts';
import type { Found } from '../results.ts';

const PROMPT = '$ ';
const PROMPTS = 9;
const FLOOD_BYTES = 50_000_000;

type Figures = {
  /** From asking for a workspace and a terminal to its first prompt. */
  readonly promptMs: readonly number[];
  /** From a key to its echo. */
  readonly echoMs: readonly number[];
  /** The same while another terminal of the workspace floods and is read. */
  readonly besideMs: readonly number[];
  readonly floodBytesPerSecond: number;
};

export async function atTheRunner(): Promise<Found[]> {
  const bare = await bareEchoes();
  const runner = await startRunner();
  let figures: Figures;
  try {
    figures = await throughRunner(runner);
  } finally {
    await runner.end();
  }
  const { promptMs, echoMs, besideMs, floodBytesPerSecond } = figures;
  return [
    {
      title: 'at the runner',
      columns: [{ what: 'median', unit: 'ms' }],
      rows: [
        { name: 'prompt', figures: [median(promptMs)] },
        { name: 'echo', figures: [median(echoMs)] },
        { name: 'echo beside a flood', figures: [median(besideMs)] },
        { name: 'echo, bare', figures: [bare === null ? null : median(bare)] },
      ],
    },
    {
      title: 'at the runner',
      columns: [{ what: 'a second', unit: 'bytesPerSecond' }],
      rows: [{ name: 'flood', figures: [floodBytesPerSecond] }],
    },
  ];
}

async function throughRunner(runner: RunnerProcess): Promise<Figures> {
  const promptMs: number[] = [];
  for (let i = 0; i < PROMPTS; i++) promptMs.push(await prompt(runner));
  const workspace = runner.client.openWorkspace();
  const terminal = workspace.terminal();
  const flooding = workspace.terminal({ keeps: 1_000 });
  await Promise.all([terminal.untilShown(PROMPT), flooding.untilShown(PROMPT)]);
  terminal.type('cat\n');
  await terminal.untilShown('cat\r\n');
  const echoMs = await echoes(terminal);
  const { bytes } = flooding;
  const began = performance.now();
  flooding.type(`yes | head -c ${FLOOD_BYTES}; echo e''nd\n`);
  await flooding.untilShown('end\r\n');
  const floodBytesPerSecond = ((flooding.bytes - bytes) / (performance.now() - began)) * 1_000;
  flooding.type('yes\n');
  await flooding.untilShown('y\r\n');
  const besideMs = await echoes(terminal);
  workspace.close();
  await workspace.ended();
  return { promptMs, echoMs, besideMs, floodBytesPerSecond };
}

/** Of a workspace that waits ready. */
async function prompt({ client }: RunnerProcess): Promise<number> {
  const began = performance.now();
  const workspace = client.openWorkspace();
  await workspace.terminal().untilShown(PROMPT);
  const took = performance.now() - began;
  workspace.close();
  await workspace.ended();
  // The pool tells of it a moment later, and is full again after that.
  const { status } = client;
  await client.until(() => {
    const now = client.status;
    return now !== status && now?.phase === 'ready' && now.workspaces.warm > 0 && now.workspaces.busy === 0;
  });
  return took;
}

async function echoes(terminal: ClientTerminal): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < KEYS; i++) {
    const { bytes } = terminal;
    const began = performance.now();
    terminal.type('x');
    await terminal.until(() => terminal.bytes > bytes);
    took.push(performance.now() - began);
    // In pairs, so that no line gets longer than a terminal takes.
    terminal.type('\x7f');
    await terminal.until(() => terminal.shown.endsWith('\b \b'));
  }
  return took;
}
