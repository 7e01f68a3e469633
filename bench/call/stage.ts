/** What the lines stand in: the real server, a relay, and two people at browsers, each of them on a machine of their own. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchWholeChromium, wholeChromiumPath } from '../../e2e/harness/chromium.ts';
import { Coturn } from '../../e2e/harness/coturn.ts';
import { startCodeSync } from '../lib/codesync.ts';
import { LINES, Network } from './network.ts';
import { type Browser, Seat, type Ways } from './seat.ts';

const FRAMES_PER_SECOND = 15;

type Two = readonly [ada: Seat, bea: Seat];

export class Stage {
  readonly network: Network;
  readonly #place: string;
  readonly #browsers: readonly Browser[];
  readonly #closing: Closing;

  private constructor(network: Network, place: string, browsers: readonly Browser[], closing: Closing) {
    this.network = network;
    this.#place = place;
    this.#browsers = browsers;
    this.#closing = closing;
  }

  /** To be called in a network namespace of this process alone. */
  static async open(): Promise<Stage> {
    const closing = new Closing();
    try {
      const network = await Network.open();
      closing.add(() => network.close());
      const coturn = await Coturn.start({ address: LINES.relay[0].address, by: network.entering('relay') });
      closing.add(() => coturn.stop());
      const server = await startCodeSync(
        {
          HOST: LINES.server[0].address,
          CODESYNC_DOCKER: 'never',
          CODESYNC_TURN_URL: coturn.url,
          CODESYNC_TURN_SECRET: coturn.secret,
        },
        null,
      );
      closing.add(() => server.stop());
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-bench-call-'));
      closing.add(async () => fs.rmSync(folder, { recursive: true, force: true }));
      const browsers: Browser[] = [];
      for (const place of ['ada', 'bea'] as const) {
        const browser = await launchThere(network.entering(place), path.join(folder, place), server.place);
        closing.add(() => browser.close());
        browsers.push(browser);
      }
      return new Stage(network, server.place, browsers, closing);
    } catch (error) {
      await closing.close();
      throw error;
    }
  }

  /** Two people in a new room. Nobody is in its call. */
  async seats(ways: Ways): Promise<Two> {
    const [ada, bea] = await Promise.all([
      Seat.take(this.#browsers[0]!, this.#place, 'Ada', ways),
      Seat.take(this.#browsers[1]!, this.#place, 'Bea', ways),
    ]);
    const room = await ada.person.createRoom('python');
    await ada.open(room);
    await bea.open(await ada.person.link(room, 'editor'));
    return [ada, bea];
  }

  close(): Promise<void> {
    return this.#closing.close();
  }
}

/** What was opened, closed in the other order, and once. */
class Closing {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  async close(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}

/** @param entering the words before a command that is to be run on that machine */
function launchThere(entering: readonly string[], file: string, place: string): Promise<Browser> {
  fs.writeFileSync(file, `#!/bin/sh\nexec ${entering.join(' ')} ${wholeChromiumPath()} "$@"\n`, {
    mode: 0o755,
  });
  const flags = [
    `--use-fake-device-for-media-stream=fps=${FRAMES_PER_SECOND}`,
    '--use-fake-ui-for-media-stream',
    // Devices are given to pages over HTTPS alone, and to this one.
    `--unsafely-treat-insecure-origin-as-secure=${place}`,
  ];
  // Signals to this process end the bench, which closes the browser.
  const handle = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  return launchWholeChromium(flags, { executablePath: file, ...handle });
}
