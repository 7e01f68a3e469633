import { afterAll, expect, test } from 'vitest';
import type { Log } from '../../src/ports.ts';
import { startScreens } from '../../src/terminals/screens.ts';
import { NEAR_SCREENS } from '../support/near-screens.ts';
import { screensContract } from '../support/screens-contract.ts';

const errors: string[] = [];
const nothing = () => undefined;
const log: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: (_, message) => void errors.push(message),
};

const far = startScreens(log);
afterAll(() => far.stopped());

screensContract('in this thread', () => NEAR_SCREENS);
screensContract('in a thread of their own', () => far);

test('a stop of the server ends them without a word of error, and says that they are gone', async () => {
  const screens = startScreens(log);
  let lost = 0;
  const screen = screens.open(
    { cols: 80, rows: 24 },
    { drawn: nothing, answer: nothing, lost: () => lost++ },
  );
  await screen.snapshot(0);
  const asked = screen.snapshot(0);
  await screens.stopped();
  expect(await asked).toBeNull();
  expect(await screen.snapshot(0)).toBeNull();
  expect(lost).toBe(1);
  expect(errors).toEqual([]);
});
