/** The pool over sandboxes that a test makes, fails and lets go by hand. */
import type { Language } from '@codesync/protocol';
import { ManualClock } from '@codesync/protocol/testing';
import { Pool } from '../../src/pool.ts';
import type { Party } from '../../src/turns.ts';

type Fake = { readonly name: string; readonly language: Language; readonly slot: number };
type Making = { language: Language; slot: number; ready: () => Fake; fail: (reason: string) => void };

/** Unless `options` say otherwise, it keeps two warm, of Python. */
export function handMadePool(
  options: Partial<{ warm: Record<Language, number>; busy: number; slots: number }> = {},
) {
  const clock = new ManualClock();
  const making: Making[] = [];
  const living = new Set<Fake>();
  const leaving: (() => void)[] = [];
  const dead = new Map<Fake, () => void>();
  let made = 0;
  const pool = new Pool<Language, Fake>(
    {
      create: (language, slot) =>
        new Promise((resolve, reject) => {
          making.push({
            language,
            slot,
            ready: () => {
              const sandbox = { name: `${language}-${++made}`, language, slot };
              living.add(sandbox);
              resolve(sandbox);
              return sandbox;
            },
            fail: (reason) => reject(new Error(reason)),
          });
        }),
      destroy: (sandbox) =>
        new Promise((resolve) => {
          leaving.push(() => {
            living.delete(sandbox);
            resolve();
          });
        }),
      watch: (sandbox, died) => dead.set(sandbox, died),
    },
    {
      warm: options.warm ?? { python: 2, javascript: 0, go: 0, rust: 0 },
      startingAtOnce: 2,
      startingForWaiting: 3,
      slots: options.slots ?? 8,
      shares: [{ keys: ['python', 'javascript', 'go', 'rust'], busy: options.busy ?? 8 }],
    },
    clock,
    () => {},
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const claim = (language: Language = 'python', party: Party = { network: 'one', room: 'one' }) => {
    const got = { sandbox: null as Fake | null, positions: [] as number[], refused: null as string | null };
    const ticket = pool.acquire(language, party, {
      given: (sandbox) => {
        got.sandbox = sandbox;
      },
      waiting: (position) => got.positions.push(position),
      refused: (reason) => {
        got.refused = reason;
      },
    });
    return { got, ticket };
  };
  /** Makes everything ready that is asked for, until nothing more is. */
  const fill = async () => {
    while (making.length > 0) {
      for (const one of making.splice(0)) one.ready();
      await settle();
    }
  };
  return { pool, clock, making, living, leaving, dead, settle, claim, fill };
}
