// How a client comes into its room where WebSockets do not get through, and how it comes back to one.
import { describe, expect, it } from 'vitest';
import { attempt, lookAfter, trialMs } from '../../../src/room-source/ways.ts';
import { FILE, type WebSockets } from './support/fake-server.ts';
import { Stage } from './support/stage.ts';
import type { Tab } from './support/tab.ts';

const BLOCKED: readonly Exclude<WebSockets, 'through'>[] = ['refused', 'silent', 'deaf'];

/** The way by which somebody is in the room, null when they are not. */
function wayOf({ source }: Tab): string | null {
  const { connection } = source.view();
  return connection.kind === 'online' ? connection.way : null;
}

/** Lets `ms` pass in steps of what a message takes; `failing`: what waits for answers that do not come has waited. */
async function pass(stage: Stage, ms: number, failing = true): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await stage.quiet(500);
    for (const connection of [...stage.server.connections])
      if (failing && connection.deaf) stage.server.timeOut(connection);
  }
  await stage.quiet(500);
}

describe.each(BLOCKED)('where WebSockets are %s', (fate) => {
  it('a client is in its room within ten seconds, and types', async () => {
    const stage = new Stage('');
    stage.server.webSockets = fate;
    const ann = stage.browser(1).open();
    // A WebSocket that does not open has not failed by then.
    await pass(stage, 9_000, fate === 'deaf');
    expect(wayOf(ann)).toBe('polling');
    ann.source.document(FILE);
    ann.type(0, 0, 'ann');
    await stage.quiet();
    expect(stage.server.text()).toBe('ann');
    expect(ann.source.view().save.kind).toBe('saved');
  });

  it('it moves when they get through, without a word and with all that is on its way', async () => {
    const stage = new Stage('.');
    stage.server.webSockets = fate;
    const [ann, bob] = [stage.browser(1).open(), stage.browser(2).open()];
    await pass(stage, 9_000);
    for (const tab of [ann, bob]) tab.source.document(FILE);
    const kinds = new Set<string>();
    ann.source.subscribe(() => kinds.add(ann.source.view().connection.kind));
    stage.server.webSockets = 'through';
    for (let i = 0; i < 400 && (wayOf(ann) !== 'websocket' || wayOf(bob) !== 'websocket'); i++) {
      ann.type(0, 0, 'a');
      bob.type(bob.text()!.length, 0, 'b');
      await pass(stage, 500);
    }
    expect([wayOf(ann), wayOf(bob)]).toEqual(['websocket', 'websocket']);
    ann.type(0, 0, 'a');
    await stage.quiet();
    const typed = stage.server.log.filter(({ body, origin }) => body.kind === 'edit' && origin !== undefined);
    const text = stage.server.text();
    expect(ann.text()).toBe(text);
    expect(bob.text()).toBe(text);
    expect(text).toMatch(/^a+\.b+$/);
    expect(new Set(typed.map(({ origin }) => `${origin!.client} ${origin!.clientSeq}`)).size).toBe(
      typed.length,
    );
    expect([...kinds]).toEqual(['online']);
  });
});

describe('a page that is loaded anew', () => {
  it('need not find out again that WebSockets are not answered', async () => {
    const stage = new Stage('');
    stage.server.webSockets = 'silent';
    const browser = stage.browser(1);
    const first = browser.open();
    await pass(stage, 4_000);
    expect(wayOf(first)).toBe('polling');
    first.crash();
    const second = browser.open(first.memory);
    await pass(stage, 1_000);
    expect(wayOf(second)).toBe('polling');
  });
});

describe('a WebSocket that is lost', () => {
  it('soon, again and again, though the room can be joined at once: is left for polling, and has to prove itself', async () => {
    const stage = new Stage('');
    const ann = await stage.join(1);
    for (let i = 0; i < 5 && wayOf(ann) === 'websocket'; i++) {
      stage.server.cut(ann.connection!);
      await pass(stage, 1_000);
    }
    expect(wayOf(ann)).toBe('polling');
    await pass(stage, 20_000);
    expect(wayOf(ann)).toBe('polling');
    for (let i = 0; i < 20 && wayOf(ann) !== 'websocket'; i++) await pass(stage, 20_000);
    expect(wayOf(ann)).toBe('websocket');
  });

  it('because the server or the network is away: is tried again first', async () => {
    const stage = new Stage('');
    const ann = await stage.join(1);
    for (let i = 0; i < 5; i++) {
      stage.server.kill();
      await pass(stage, 2_000);
      stage.server.start();
      await pass(stage, 9_000);
      expect(wayOf(ann)).toBe('websocket');
    }
  });

  it('after it was in use for long: is no cause for doubts', async () => {
    const stage = new Stage('');
    const ann = await stage.join(1);
    for (let i = 0; i < 4; i++) {
      await pass(stage, 31_000);
      stage.server.cut(ann.connection!);
      await pass(stage, 1_000);
      expect(wayOf(ann)).toBe('websocket');
    }
  });
});

describe('the plan', () => {
  it('has the second way tried within ten seconds, whatever speaks against the first', () => {
    for (let doubts = 0; doubts < 12; doubts++) {
      const { ways, headStartMs } = attempt(doubts);
      expect([...ways].sort()).toEqual(['polling', 'websocket']);
      expect(headStartMs).toBeLessThan(5_000);
    }
  });

  it('looks less often the longer it finds nothing, and trusts more slowly the more often it was wrong', () => {
    for (let failed = 0; failed < 30; failed++) {
      expect(lookAfter(failed + 1, 0.5)).toBeGreaterThanOrEqual(lookAfter(failed, 0.5));
      expect(lookAfter(failed, 0.999)).toBeLessThanOrEqual(120_000);
      expect(trialMs(failed + 1)).toBeGreaterThanOrEqual(trialMs(failed));
      expect(trialMs(failed)).toBeLessThanOrEqual(300_000);
    }
    expect(trialMs(1)).toBe(0);
  });
});
