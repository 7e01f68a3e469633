/** A text of 50 MB that runs through a terminal which four people watch. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { residentBytes } from '../../lib/processes.ts';
import { median } from '../../lib/stats.ts';
import { watchMemory } from '../memory-watch.ts';
import type { PageScreen } from '../page-screen.ts';
import { Ptys } from '../ptys/ptys.ts';
import type { Found } from '../results.ts';
import type { Browser, Stage } from '../stage.ts';
import { BIG_FILE, LAST_LINE, MAKE_BIG_FILE } from './big-file.ts';

const WATCHING = 4;
const TIMES = 3;
/** Into the text, when it is interrupted. */
const INTO_MS = 1_500;
/** After the last text, until what is kept is looked at. */
const REST_MS = 5_000;
const SHOWS_LAST = new RegExp(`^${LAST_LINE}$`);
const SHOWS_PROMPT = /\^C\n.*\$$/;

/** Of one cat: milliseconds until the typist's screen had the last line, and until the last screen had. */
type Outcome = { readonly ownMs: number[]; readonly lastMs: number[]; readonly promptMs: number[] };
type Memory = {
  readonly before: readonly number[];
  readonly most: readonly number[];
  readonly after: readonly number[];
};

export async function bigText(stage: Stage): Promise<Found[]> {
  await promisify(execFile)('sh', ['-c', MAKE_BIG_FILE]);
  const found: { name: string; outcome: Outcome; memory: Memory | null }[] = [];
  try {
    const ptys = await Ptys.tmux(WATCHING);
    if (ptys !== null) {
      found.push({ name: 'tmux', outcome: await ofPtys(ptys), memory: null });
      ptys.close();
    }
    const forwarded = await stage.forwarded(WATCHING);
    if (forwarded !== null) {
      const { screens, pid } = forwarded;
      found.push({
        name: 'forwarding',
        ...(await withMemory(stage.browser, [pid], () => ofScreens(screens))),
      });
      forwarded.close();
    }
    const shared = await stage.shared(Array.from({ length: WATCHING }, () => stage.server.place));
    const { screens } = shared;
    await screens[0]!.enter(`${MAKE_BIG_FILE}; clear; echo made`);
    await screens[0]!.until(/^made$/);
    const { server } = stage.server.processes();
    found.push({ name: 'CodeSync', ...(await withMemory(stage.browser, server, () => ofScreens(screens))) });
    await screens[0]!.enter(`rm ${BIG_FILE}`);
    await shared.leave();
  } finally {
    fs.rmSync(BIG_FILE, { force: true });
  }
  const ms = (what: string) => ({ what, unit: 'ms' as const });
  const bytes = (what: string) => ({ what, unit: 'bytes' as const });
  return [
    {
      title: 'cat of 50 MB, four watch',
      columns: [ms('typist'), ms('all four'), ms('Ctrl-C to prompt'), ms('on all four')],
      rows: found.map(({ name, outcome: { ownMs, lastMs, promptMs } }) => {
        const prompts = [0, 1].map((who) => median(promptMs.filter((_, i) => i % 2 === who)));
        return { name, figures: [median(ownMs), median(lastMs), ...prompts] };
      }),
    },
    {
      title: 'memory meanwhile',
      columns: [
        bytes('server before'),
        bytes('most'),
        bytes('after'),
        bytes('a page before'),
        bytes('most'),
        bytes('after'),
      ],
      rows: found.flatMap(({ name, memory }) => {
        if (memory === null) return [];
        const { before, most, after } = memory;
        const pages = [before, most, after].map((of) => Math.max(...of.slice(1)));
        return [{ name, figures: [before[0]!, most[0]!, after[0]!, ...pages] }];
      }),
    },
  ];
}

async function ofPtys(ptys: Ptys): Promise<Outcome> {
  const [ownMs, lastMs, promptMs]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < TIMES; i++) {
    const [own, last] = await ptys.enter(`cat ${BIG_FILE}\n`, LAST_LINE);
    ownMs.push(own);
    lastMs.push(last);
    await ptys.enter(`cat ${BIG_FILE}\n`, 'line 0000');
    await pause(INTO_MS / 10);
    promptMs.push(...(await ptys.enter('\x03', '\\^C.*\\$ ')));
  }
  return { ownMs, lastMs, promptMs };
}

async function ofScreens(screens: readonly PageScreen[]): Promise<Outcome> {
  const [ownMs, lastMs, promptMs]: [number[], number[], number[]] = [[], [], []];
  const typist = screens[0]!;
  const timed = async (key: string, shows: RegExp, into: readonly number[][]) => {
    const seen = Promise.all(screens.map((screen) => screen.until(shows)));
    await typist.page.keyboard.press(key);
    const at = await seen;
    const began = await typist.pressedAt();
    into[0]!.push(at[0]! - began);
    into.at(-1)!.push(Math.max(...at) - began);
  };
  await typist.focus();
  for (let i = 0; i < TIMES; i++) {
    await cleared(screens);
    await typist.page.keyboard.type(`cat ${BIG_FILE}`);
    await timed('Enter', SHOWS_LAST, [ownMs, lastMs]);
    await cleared(screens);
    await typist.enter(`cat ${BIG_FILE}`);
    await pause(INTO_MS);
    await timed('Control+c', SHOWS_PROMPT, [promptMs]);
  }
  return { ownMs, lastMs, promptMs };
}

/** So that nothing is seen of the time before. */
async function cleared(screens: readonly PageScreen[]): Promise<void> {
  await screens[0]!.enter('clear; echo ready');
  await Promise.all(screens.map((screen) => screen.until(/^ready\n.*\$$/)));
}

/** The server's memory, and that of each process of the browser that draws pages. */
async function withMemory(
  browser: Browser,
  server: readonly number[],
  work: () => Promise<Outcome>,
): Promise<{ readonly outcome: Outcome; readonly memory: Memory }> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => [id]);
  const groups = [server, ...pages];
  const now = () => groups.map((pids) => residentBytes(pids));
  const before = now();
  const end = watchMemory(groups);
  const outcome = await work();
  const most = end();
  await pause(REST_MS);
  return { outcome, memory: { before, most, after: now() } };
}
