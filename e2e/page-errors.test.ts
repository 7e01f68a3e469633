/** The check that every test ends with can fail: an error in any page is told, wherever in it and whenever it comes. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from './harness/chromium.ts';
import { eventually } from './harness/eventually.ts';
import { Person } from './harness/person.ts';
import { describeInBrowser } from './harness/world.ts';

/** Nobody is asked there: the pages stay empty. */
const NOWHERE = 'http://127.0.0.1:9';

describeInBrowser('an error in a page', () => {
  let browser: Browser;
  let ada: Person;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    ada = await Person.arrive(browser, NOWHERE, 'Ada', {});
  });

  afterEach(() => ada.leave());

  const told = (words: string) =>
    eventually(
      `“${words}” is told`,
      () => ada.troubles.some((trouble) => trouble.includes(words)),
      () => ada.troubles.join('\n'),
    );
  const fail = (words: string) =>
    void setTimeout(() => {
      throw new Error(words);
    });

  test('is told when it is thrown, rejected, printed, or of a worker or a frame, and nothing else is', async () => {
    const { page } = ada;
    await page.evaluate(() => console.warn('no error'));
    await page.evaluate(fail, 'thrown');
    await page.evaluate(() => void Promise.reject(new Error('rejected')));
    await page.evaluate(() => console.error('printed'));
    await page.evaluate(() => {
      const script = new Blob(['throw new Error("of a worker")'], { type: 'text/javascript' });
      new Worker(URL.createObjectURL(script));
    });
    await page.evaluate(() => {
      const frame = document.createElement('iframe');
      frame.srcdoc = '<script>throw new Error("of a frame")</script>';
      document.body.append(frame);
    });
    for (const words of ['thrown', 'rejected', 'printed', 'of a worker', 'of a frame']) await told(words);
    expect(ada.troubles).toHaveLength(5);
  });

  test('is told of any page of theirs: one that they open, and one that opens itself', async () => {
    const tab = await ada.context.newPage();
    await tab.evaluate(fail, 'in a second tab');
    const [opened] = await Promise.all([
      ada.context.waitForEvent('page'),
      ada.page.evaluate(() => void window.open('about:blank')),
    ]);
    await opened.evaluate(fail, 'in a window');
    await told('in a second tab');
    await told('in a window');
  });

  test('is never expected when nothing catches it', async () => {
    ada.expectTrouble(/./);
    await ada.page.evaluate(() => console.error('printed'));
    await ada.page.evaluate(fail, 'thrown');
    await told('thrown');
    expect(ada.troubles.join()).not.toContain('printed');
  });

  test('is told when the page fails as it is about to be left, and when it crashes', async () => {
    await ada.context.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Here</title>' }),
    );
    await ada.page.goto('/one');
    await ada.page.evaluate(() => {
      addEventListener('beforeunload', () => {
        throw new Error('at the end');
      });
    });
    await ada.page.goto('/two');
    await told('at the end');
    await ada.page.goto('chrome://crash').catch(() => undefined);
    await told('crashed');
  });
});
