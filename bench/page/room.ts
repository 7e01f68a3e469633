/** The page in a room of the real server. */

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Person } from '../../e2e/harness/person.ts';
import type { Server } from '../../e2e/harness/server.ts';
import type { Witness } from '../../e2e/harness/witness.ts';
import { RoomPage } from '../../e2e/pages/room-page.ts';
import { FileId } from '../../packages/protocol/src/index.ts';
import type { Browser } from './browser.ts';
import { type Keys, typeKeys, untilDrawn, workedMs } from './measure.ts';
import { type Place, places, putCursor } from './places.ts';
import { type Clocked, startClock } from './screen-clock.ts';
import { firstLine, linesOf } from './texts.ts';

const PATH = 'text.py';
/** Between two keys of somebody else, in milliseconds. */
const OTHERS_GAP_MS = 60;
const PASTE = '0123456789 pasted\n'.repeat(5_900).slice(0, 100_000);

export type RoomFigures = {
  /** From the click on the file in the list, another one being open, until its text is drawn. */
  readonly openMs: number;
  /** Processor time of the page's main thread for it. */
  readonly openWorkMs: number;
  /** From the navigation to the room's address until the text is drawn, in a browser that knows the page. */
  readonly arriveMs: number;
  readonly keys: Readonly<Record<Place, Keys>>;
  /** While somebody else types in the same file. */
  readonly beside: Readonly<Record<Place, Keys>>;
  /** From a paste of 100 kB until the frame that shows it has ended. */
  readonly pasteMs: number;
  /** From the last key of what is searched for until its matches are counted. */
  readonly searchMs: number;
};

/** @param others further texts of the room, which nobody opens. */
export async function inRoom(
  browser: Browser,
  server: Server,
  text: string,
  others: readonly string[],
): Promise<RoomFigures> {
  const ada = await Person.arrive(browser, server.url, 'Ada', {});
  try {
    await ada.introduce();
    const id = await ada.createRoom('python');
    const witness = await ada.witness(id);
    for (const [n, other] of others.entries()) await addFile(witness, `other${n}.py`, other);
    await addFile(witness, PATH, text);
    const { page } = ada;
    await page.addInitScript(startClock);
    const room = await RoomPage.open(ada, id);
    const session = await ada.context.newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await pause(2_000);
    const before = await workedMs(session);
    await room.file(PATH).click();
    const openMs = await untilDrawn(page, firstLine(text));
    const openWorkMs = (await workedMs(session)) - before;
    const type = async (place: Place) => {
      await room.focusEditor();
      await putCursor(page, place, linesOf(text));
      return typeKeys(page, session);
    };
    const keys = await atAllPlaces(type);
    const beside = await besideOther(witness, () => atAllPlaces(type));
    await page.keyboard.press('Control+Home');
    await page.evaluate(() => (globalThis as unknown as Clocked).clock.clear());
    await room.paste(PASTE);
    await room.untilShown('pasted');
    const [pasteMs] = await page.evaluate(() => (globalThis as unknown as Clocked).clock.keysMs);
    await room.untilSaved();
    await page.keyboard.press('Control+Shift+f');
    await page.getByRole('textbox', { name: 'Search in all files' }).waitFor();
    const began = performance.now();
    await page.keyboard.type('pasted', { delay: 20 });
    await page
      .getByText(/\d match(es)? in|more than/i)
      .first()
      .waitFor();
    const searchMs = performance.now() - began;
    await page.keyboard.press('Escape');
    const arriveMs = await arrive(ada, id);
    return { openMs, openWorkMs, arriveMs, keys, beside, pasteMs: pasteMs!, searchMs };
  } finally {
    await ada.leave();
  }
}

/** Somebody who was in the room before, in a new tab. */
async function arrive(person: Person, id: string): Promise<number> {
  const page = await person.context.newPage();
  await page.addInitScript(startClock);
  await page.goto(person.address(`/r/${id}`));
  const ms = await untilDrawn(page, 'pasted');
  await page.close();
  return ms;
}

async function atAllPlaces(type: (place: Place) => Promise<Keys>): Promise<Record<Place, Keys>> {
  const all = {} as Record<Place, Keys>;
  for (const place of places) all[place] = await type(place);
  return all;
}

/** Somebody else types at a fifth of the file meanwhile. */
async function besideOther<T>(witness: Witness, work: () => Promise<T>): Promise<T> {
  const file = witness.fileId(PATH);
  let typing = true;
  const typed = (async () => {
    while (typing) {
      const { version, buffer } = witness.fold.texts.get(file)!;
      witness.emit({
        clientSeq: witness.takeSeq(),
        body: { kind: 'edit', file, base: version, op: [37 * Math.floor(buffer.length / 37 / 5) + 5, 'y'] },
      });
      await pause(OTHERS_GAP_MS);
    }
  })();
  try {
    return await work();
  } finally {
    typing = false;
    await typed;
  }
}

/** What a room takes in a minute is limited: a large text may have to wait. */
export async function addFile(witness: Witness, path: string, text: string): Promise<void> {
  const file = FileId.parse(randomBytes(9).toString('base64url'));
  for (;;) {
    const refused = await witness.send({ kind: 'file.create', file, path, text });
    if (refused === null) return;
    if (refused.code !== 'rate.exceeded') throw new Error(refused.message);
    await pause(500);
  }
}
