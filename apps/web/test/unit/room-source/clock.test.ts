import { expect, test } from 'vitest';
import { steady } from '../../../src/room-source/clock.ts';

test('a machine’s clock that is set back, or ahead and back, is a clock that goes on', () => {
  let machine = 1_000_000;
  const now = steady(() => machine);
  const told = [now()];
  for (const step of [20, -3_600_000, 20, 7_200_000, 20, -7_200_000, -5, 20]) {
    machine += step;
    told.push(now() - told[0]!);
  }
  // A step back counts as no time at all.
  const jump = 40 + 7_200_000;
  expect(told.slice(1)).toEqual([20, 20, 40, jump, jump + 20, jump + 20, jump + 20, jump + 40]);
});
