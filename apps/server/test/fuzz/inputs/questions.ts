// Questions that are answered to one client alone: on runs that were, and on how a text looks when it is formatted.
import { LIMITS } from '@codesync/protocol';
import type { HostileClient } from '../hostile-client.ts';
import type { Input } from '../input.ts';
import type { Random } from '../random.ts';
import type { Scene } from '../scene.ts';
import { mutated } from '../values.ts';
import { someFile } from './bodies.ts';
import { burst } from './burst.ts';

/** Mostly somebody who is in a room; null when not let in. */
function somebody(scene: Scene, random: Random) {
  return random.oneIn(6)
    ? scene.enter(random, random.pick([null, ...scene.cast.strangers]))
    : scene.join(random, random.oneIn(3) ? 'brawl' : 'arena');
}

function someText(random: Random): string {
  return random.oneIn(8)
    ? 'x'.repeat(LIMITS.fileUnits + random.below(2))
    : random.pick(['', 'x=1\n', 'def f(:', '\0', '\r\n\r', '\ud83d\ude00'.repeat(500), '('.repeat(20_000)]);
}

/** Up to `most` questions of one event, some of them mutated, one after the other or all at once. */
function questions(
  kind: string,
  event: string,
  most: number,
  some: (scene: Scene, random: Random, client: HostileClient) => Readonly<Record<string, unknown>>,
): Input {
  return {
    kind,
    weight: 4,
    run: (scene, random) =>
      burst(somebody(scene, random), random, most, async (client) => {
        const question = some(scene, random, client);
        const text = random.oneIn(3) ? mutated(random, question) : JSON.stringify(question);
        if (random.oneIn(8)) client.emit(event, text);
        else if (random.oneIn(2)) await client.ask(event, text);
        else void client.ask(event, text);
      }),
  };
}

export const QUESTION_INPUTS: readonly Input[] = [
  questions('questions on runs', 'runs', 20, (scene, random, client) => {
    const seq = random.pick([0, 1, 2, random.below(200), 1_000_000, Number.MAX_SAFE_INTEGER]);
    return random.pick<Readonly<Record<string, unknown>>>([
      { ask: 'runs', before: random.oneIn(2) ? null : seq },
      { ask: 'run', seq },
      { ask: 'text', seq, file: someFile(scene, random, client) },
      {
        ask: 'words',
        before: seq,
        words: random.pick([[], [''], ['x', '\0'], ['x'.repeat(201)], Array(21).fill('a')]),
      },
    ]);
  }),
  questions('texts to be formatted', 'format', 20, (_, random) => ({
    language: random.pick(['python', 'go', 'rust', 'javascript', '__proto__', '']),
    text: someText(random),
  })),
];
