/** The system's Chromium, headless, with a fresh profile. */
import fs from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of a Chromium on this machine, null when there is none. */
export function chromiumPath(): string | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  for (const program of PROGRAMS)
    for (const folder of folders) {
      const file = path.join(folder, program);
      if (folder !== '' && fs.existsSync(file)) return file;
    }
  return null;
}

/** How it is launched. */
export function chromiumOptions(): { readonly executablePath: string; readonly args: string[] } {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('There is no Chromium on this machine.');
  return { executablePath, args: FLAGS };
}

export async function launchChromium(): Promise<Browser> {
  return chromium.launch(chromiumOptions());
}

let shared: Promise<Browser> | null = null;

/** The one of this process, for all files of tests that it runs. It ends with the process. */
export function sharedChromium(): Promise<Browser> {
  shared ??= launchChromium();
  return shared;
}
