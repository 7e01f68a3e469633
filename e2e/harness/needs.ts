/**
 * What a machine may lack that a suite takes. There it is skipped, by its name; with CI=true, where nobody reads names
 * of what was skipped, it fails and says what is missing.
 */
import { describe, test } from 'vitest';

/** What is taken, in words that fit behind “this machine has no”; and whether it is there. */
export type Need = { readonly what: string; readonly met: boolean };

/** `describe` for a suite that takes all of this. */
export function describeWith(...needs: readonly Need[]): (name: string, suite: () => void) => void {
  const missing = needs.filter(({ met }) => !met).map(({ what }) => what);
  if (missing.length === 0) return (name, suite) => describe(name, suite);
  const why = `this machine has no ${missing.join(', no ')}`;
  if (process.env.CI !== 'true') return (name, suite) => describe.skip(`${name} (skipped: ${why})`, suite);
  return (name) =>
    describe(name, () => {
      test('has what it takes', () => {
        throw new Error(`With CI=true this is a failure: ${why}.`);
      });
    });
}
