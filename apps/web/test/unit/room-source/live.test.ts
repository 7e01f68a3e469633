import { beforeEach, describe, expect, it } from 'vitest';
import { FakeServer } from './support/fake-server.ts';
import { Browser, person, settle, type Tab } from './support/tab.ts';
import { TestClock } from './support/test-clock.ts';

let clock: TestClock;
let server: FakeServer;

beforeEach(() => {
  clock = new TestClock();
  server = new FakeServer({ now: clock.now });
  server.begin('hello');
});

/** Lets everything that is on its way arrive, and `ms` pass. */
async function quiet(ms = 0): Promise<void> {
  for (let i = 0; i < 6; i++) {
    await settle();
    server.deliverAll();
    clock.advance(ms / 6);
  }
  await settle();
}

async function openTab(index: number): Promise<Tab> {
  const tab = new Browser(server, clock, person(index)).open();
  await quiet();
  tab.source.document('file-main');
  return tab;
}

describe('two people', () => {
  it('see each other type', async () => {
    const [ann, bob] = [await openTab(1), await openTab(2)];
    ann.type(5, 0, ' world');
    bob.type(0, 0, 'oh, ');
    await quiet(200);
    expect(server.text()).toBe('oh, hello world');
    expect(ann.text()).toBe(server.text());
    expect(bob.text()).toBe(server.text());
  });
});
