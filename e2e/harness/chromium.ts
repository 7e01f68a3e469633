/** The system's Chromium, headless, with a fresh profile. */
import fs from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

/** The same engine without what draws windows. It takes a sixth less of the processors for the same tests. */
const SHELL = 'chromium-headless-shell';
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where processes of Chromium share what they draw, and the bytes that are enough for it. */
const SHARED_MEMORY = '/dev/shm';
const SHARED_MEMORY_BYTES = 4 * 1024 ** 3;

/** Playwright's own, for machines with less: what is drawn goes through files on a disk, which costs more. */
const FOR_LITTLE_MEMORY = '--disable-dev-shm-usage';

/** The path of a Chromium on this machine, null when there is none. */
export function chromiumPath(programs = [SHELL, ...BROWSERS]): string | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  for (const program of programs)
    for (const folder of folders) {
      const file = path.join(folder, program);
      if (folder !== '' && fs.existsSync(file)) return file;
    }
  return null;
}

type Options = {
  readonly executablePath: string;
  readonly args: string[];
  readonly ignoreDefaultArgs: string[];
};

/** How it is launched. */
export function chromiumOptions(executablePath = chromiumPath()): Options {
  if (executablePath === null) throw new Error('There is no Chromium on this machine.');
  return { executablePath, args: FLAGS, ignoreDefaultArgs: hasSharedMemory() ? [FOR_LITTLE_MEMORY] : [] };
}

function hasSharedMemory(): boolean {
  if (!fs.existsSync(SHARED_MEMORY)) return false;
  const { bavail, bsize } = fs.statfsSync(SHARED_MEMORY);
  return bavail * bsize >= SHARED_MEMORY_BYTES;
}

/** @param flags what it is started with besides */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  const options = chromiumOptions();
  return chromium.launch({ ...options, args: [...options.args, ...flags] });
}

/** The path of the one that people have, where it is there: for what is measured, and for pictures. */
export function wholeChromiumPath(): string | null {
  return chromiumPath([...BROWSERS, SHELL]);
}

/**
 * The one that people have, where it is there.
 * @param flags what it is started with besides
 * @param launch how it is launched, where that is another way
 */
export async function launchWholeChromium(
  flags: readonly string[] = [],
  launch: LaunchOptions = {},
): Promise<Browser> {
  const options = chromiumOptions(wholeChromiumPath());
  return chromium.launch({ ...options, args: [...options.args, ...flags], ...launch });
}

/** For calls: devices that show and sound something, leave to use them, and addresses that can be reached without mDNS. */
const CALL_FLAGS = [
  '--use-fake-device-for-media-stream=fps=8',
  '--use-fake-ui-for-media-stream',
  '--auto-select-tab-capture-source-by-title=CodeSync',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

let calling: Promise<Browser> | null = null;

/** As `sharedChromium`, with devices for calls. */
export function callChromium(): Promise<Browser> {
  calling ??= launchChromium(CALL_FLAGS);
  return calling;
}

let shared: Promise<Browser> | null = null;

/** The one of this process, for all files of tests that it runs. It ends with the process. */
export function sharedChromium(): Promise<Browser> {
  shared ??= launchChromium();
  return shared;
}
