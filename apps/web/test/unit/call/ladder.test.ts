// What is done about a way that does not get through, step by step.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DOUBT_MS,
  FIRST_STEP,
  type LadderInput,
  nextStep,
  PROBE_MS,
  type Rung,
  TRY_MS,
} from '../../../src/call/ladder.ts';

const due = (flowing = false): LadderInput => ({ kind: 'due', flowing });
const on = (kind: Exclude<LadderInput['kind'], 'due'>): LadderInput => ({ kind });

/** The acts that these inputs lead to, from a connection that was just built. */
function acts(...inputs: readonly LadderInput[]): (string | null)[] {
  let rung: Rung = FIRST_STEP.rung;
  return inputs.map((input) => {
    const step = nextStep(rung, input);
    if (step === null) return 'nothing';
    rung = step.rung;
    return step.act;
  });
}

describe('the ladder', () => {
  test('a break that mends itself is only waited for', () => {
    expect(acts(on('connected'), on('disconnected'), on('connected'))).toEqual([null, null, null]);
  });

  test('a break is looked at after a while: where bytes come it is waited on, else it restarts', () => {
    const doubted = nextStep({ kind: 'connected' }, on('disconnected'));
    expect(doubted).toMatchObject({ act: null, dueMs: DOUBT_MS });
    expect(DOUBT_MS).toBeGreaterThanOrEqual(2_000);
    expect(DOUBT_MS).toBeLessThanOrEqual(3_000);
    expect(acts(on('connected'), on('disconnected'), due(true), due(true), due(false))).toEqual([
      null,
      null,
      null,
      null,
      'restart',
    ]);
  });

  test('a failure restarts at once', () => {
    expect(acts(on('connected'), on('failed'))).toEqual([null, 'restart']);
    expect(acts(on('connected'), on('disconnected'), on('failed'))).toEqual([null, null, 'restart']);
  });

  test('two failures lead to a new connection, again and again', () => {
    const failing = [on('failed'), on('failed')];
    expect(acts(...failing, ...failing)).toEqual(['restart', 'rebuild', 'restart', 'rebuild']);
    expect(acts(due(), due())).toEqual(['restart', 'rebuild']);
  });

  test('what was found is forgotten once there is a way: the next break has all its tries', () => {
    expect(acts(on('failed'), on('connected'), on('failed'), on('failed'))).toEqual([
      'restart',
      null,
      'restart',
      'restart',
    ]);
  });

  test('another network is tried at once where there is no way, and counts as no failure', () => {
    expect(acts(on('woken'), on('woken'), on('failed'), on('woken'), on('failed'))).toEqual([
      'restart',
      'restart',
      'restart',
      'restart',
      'rebuild',
    ]);
  });

  test.each(['woken', 'reached'] as const)(
    'a connection is probed when %s: it restarts where nothing comes',
    (kind) => {
      const probed = nextStep({ kind: 'connected' }, on(kind));
      expect(probed).toEqual({ rung: { kind: 'probed' }, act: null, dueMs: PROBE_MS });
      // A network change is to be over within three seconds, and the browser takes two of them to see the new one.
      expect(PROBE_MS).toBeLessThanOrEqual(500);
      expect(acts(on('connected'), on(kind), due(false))).toEqual([null, null, 'restart']);
      expect(acts(on('connected'), on(kind), on('disconnected'))).toEqual([null, null, 'restart']);
      expect(acts(on('connected'), on(kind), on('failed'))).toEqual([null, null, 'restart']);
    },
  );

  test('a connection by which something comes is left as it is, however often it is probed', () => {
    const probe = [on('woken'), on('reached'), due(true)];
    expect(acts(on('connected'), ...probe, ...probe, on('disconnected'))).toEqual([
      null,
      ...[null, 'nothing', null],
      ...[null, 'nothing', null],
      null,
    ]);
    expect(nextStep({ kind: 'probed' }, due(true))).toEqual({
      rung: { kind: 'connected' },
      act: null,
      dueMs: null,
    });
  });

  test('the server’s return alone changes nothing while a way is looked for', () => {
    expect(acts(on('reached'), on('failed'), on('reached'), on('failed'))).toEqual([
      'nothing',
      'restart',
      'nothing',
      'rebuild',
    ]);
  });

  test('never rests without a way: something is always due (property)', () => {
    const input = fc.oneof(
      fc.constantFrom<LadderInput>(
        ...(['connected', 'disconnected', 'failed', 'woken', 'reached'] as const).map(on),
      ),
      fc.boolean().map(due),
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
        let rung: Rung = FIRST_STEP.rung;
        let dueMs: number | null = TRY_MS;
        for (const one of inputs) {
          const step = nextStep(rung, one);
          if (step === null) continue;
          ({ rung, dueMs } = step);
          expect(dueMs === null).toBe(rung.kind === 'connected');
          if (step.act === 'rebuild') expect(rung).toMatchObject({ kind: 'trying', failed: 0 });
        }
      }),
    );
  });
});
