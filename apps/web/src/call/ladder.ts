// What is done about a connection that does not get through, step by step: wait and look, restart, build a new one. Pure.

/** A connection that reports a break often comes back by itself; it is given so long, and its bytes are looked at. */
export const DOUBT_MS = 2_500;
/**
 * After another network, or an absence of the server, a connection may be dead long before its browser says so, and the
 * browsers of both sides send something more often than this.
 */
export const PROBE_MS = 400;
/** How long a way may take to be found. */
export const TRY_MS = 10_000;
/** Tries that fail before a new connection takes the place of the old one. */
const TRIES = 2;

/**
 * - `trying`: a way is looked for. `failed`: how often in vain, since the connection was built. `rounds`: how many
 *   connections were built in vain. `lost`: there was a way before.
 * - `connected`: there is one.
 * - `probed`: there is one, as far as the browser knows; it is looked whether anything still comes by it.
 * - `doubted`: there may be none any more.
 */
export type Rung =
  | { readonly kind: 'trying'; readonly failed: number; readonly rounds: number; readonly lost: boolean }
  | { readonly kind: 'connected' }
  | { readonly kind: 'probed' }
  | { readonly kind: 'doubted' };

/**
 * `due`: the time of the last step is over; `flowing`: bytes have come meanwhile. `woken`: the network is another one.
 * `reached`: the server is back.
 */
export type LadderInput =
  | { readonly kind: 'connected' | 'disconnected' | 'failed' | 'woken' | 'reached' }
  | { readonly kind: 'due'; readonly flowing: boolean };

/** `dueMs`: when to come back with `due`, in the place of any earlier time; null: not by itself. */
export type Step = {
  readonly rung: Rung;
  readonly act: 'restart' | 'rebuild' | null;
  readonly dueMs: number | null;
};

export const FIRST_STEP: Step = trying(0, 0, false, null);

/** Null where the input changes nothing: what was due stays due. */
export function nextStep(rung: Rung, input: LadderInput): Step | null {
  if (input.kind === 'connected') {
    return rung.kind === 'connected' ? null : { rung: { kind: 'connected' }, act: null, dueMs: null };
  }
  switch (rung.kind) {
    case 'connected':
      if (input.kind === 'disconnected') return { rung: { kind: 'doubted' }, act: null, dueMs: DOUBT_MS };
      if (input.kind === 'failed') return trying(0, 0, true, 'restart');
      return input.kind === 'due' ? null : { rung: { kind: 'probed' }, act: null, dueMs: PROBE_MS };
    case 'probed':
      if (input.kind === 'woken' || input.kind === 'reached') return null;
      if (input.kind === 'due' && input.flowing)
        return { rung: { kind: 'connected' }, act: null, dueMs: null };
      return trying(0, 0, true, 'restart');
    case 'doubted':
      if (input.kind === 'disconnected') return null;
      if (input.kind === 'due' && input.flowing) return { rung, act: null, dueMs: DOUBT_MS };
      return trying(0, 0, true, 'restart');
    case 'trying': {
      const { failed, rounds, lost } = rung;
      // What was said to the other end meanwhile waits for the server, and goes on to it now.
      if (input.kind === 'disconnected' || input.kind === 'reached') return null;
      if (input.kind === 'woken') return trying(failed, rounds, lost, 'restart');
      if (failed + 1 < TRIES) return trying(failed + 1, rounds, lost, 'restart');
      return trying(0, rounds + 1, lost, 'rebuild');
    }
  }
}

function trying(failed: number, rounds: number, lost: boolean, act: Step['act']): Step {
  return { rung: { kind: 'trying', failed, rounds, lost }, act, dueMs: TRY_MS };
}
