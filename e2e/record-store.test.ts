// What a record store promises, of Chromium's own storage: unit tests run on a database in memory.
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll } from 'vitest';
import {
  type RecordStage,
  type RecordStore,
  recordStoreContract,
} from '../apps/web/test/contracts/record-store-contract.ts';
import { sharedChromium } from './harness/chromium.ts';
import { Scenes } from './harness/scenes.ts';
import { describeInBrowser } from './harness/world.ts';

/** More than Chromium keeps in a page's small storage, in units. */
const TOO_MUCH = 6_000_000;

describeInBrowser('in Chromium', () => {
  let url: string;
  let contexts: BrowserContext[] = [];
  /** What was asked to be written at once, and may be under way. It never fails. */
  let written: Promise<unknown>[] = [];

  beforeAll(async () => {
    url = (await Scenes.serve()).records;
  });
  afterEach(async () => {
    await Promise.all(written);
    written = [];
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
  });

  recordStoreContract('IndexedDB of Chromium', async (): Promise<RecordStage> => {
    const context = await (await sharedChromium()).newContext();
    contexts.push(context);
    return {
      page: () => recordsOf(open(context, url), written),
      fail: async () => {
        await (await open(context, url)).evaluate(upgrade);
        await context.addInitScript(() => {
          const get = () => {
            throw new DOMException('no storage', 'SecurityError');
          };
          Object.defineProperty(globalThis, 'localStorage', { get });
        });
      },
      tooMuch: TOO_MUCH,
    };
  });
});

async function open(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** The record store of a page, from here. */
function recordsOf(opening: Promise<Page>, written: Promise<unknown>[]): RecordStore {
  const ask = async (method: keyof RecordStore, args: readonly unknown[]): Promise<never> => {
    // What comes after a write at once finds it done.
    const before = Promise.all(written);
    const page = await opening;
    await before;
    return page.evaluate(
      ([name, given]) => {
        const { records } = globalThis as unknown as {
          records: Record<string, (...args: unknown[]) => never>;
        };
        return records[name]!(...given);
      },
      [method, args] as const,
    );
  };
  return {
    write: (...args) => ask('write', args),
    writeAtOnce: (...args) => void written.push(ask('writeAtOnce', args)),
    list: () => ask('list', []),
    load: (...args) => ask('load', args),
    remove: (...args) => ask('remove', args),
  };
}

/** A newer page has the database from now on: no other may open it. */
async function upgrade(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open('codesync', 9);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      opening.result.close();
      resolve();
    };
  });
}
