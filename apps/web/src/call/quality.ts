// How well somebody is heard and seen, and what it is that keeps it from being better: told from two samples. Pure.

/** What was counted of one connection up to `at`, in milliseconds. */
export type Sample = {
  readonly at: number;
  /** Packets of media that came, and that are known to be lost. */
  readonly received: number;
  readonly lost: number;
  /** All bytes that came, media or not. */
  readonly bytes: number;
  readonly rttMs: number | null;
  /** The way goes through a relay. */
  readonly relayed: boolean;
  /** Why the own picture is smaller than it could be, as the browser says. */
  readonly limited: 'bandwidth' | 'cpu' | null;
};

export type QualityCause = 'loss' | 'delay' | 'bandwidth' | 'cpu' | 'relay';

/**
 * `good`: nothing to be noticed. `fair`: it can be noticed. `poor`: it is hard to talk. `cause`: what matters most, null
 * when all is well; `relay` when the delay is that of a relay.
 */
export type Quality = {
  readonly level: 'good' | 'fair' | 'poor';
  readonly cause: QualityCause | null;
  /** The share of packets that was lost between the samples. */
  readonly loss: number;
  readonly rttMs: number | null;
  readonly relayed: boolean;
};

/** Opus hides some loss; from the second on words go missing. Delays after ITU-T G.114, there and back. */
const LOSS = { fair: 0.03, poor: 0.1 } as const;
const RTT_MS = { fair: 300, poor: 800 } as const;

export function qualityOf(before: Sample, after: Sample): Quality {
  const received = Math.max(0, after.received - before.received);
  const lost = Math.max(0, after.lost - before.lost);
  const loss = received + lost === 0 ? 0 : lost / (received + lost);
  const { rttMs, relayed } = after;
  // For a moment it is so whenever a picture begins.
  const limited = before.limited === after.limited ? after.limited : null;
  const byLoss = rank(loss, LOSS);
  const byDelay = rank(rttMs ?? 0, RTT_MS);
  const byLimit = limited === null ? 0 : 1;
  const worst = Math.max(byLoss, byDelay, byLimit);
  return { level: LEVELS[worst]!, cause: worst === 0 ? null : cause(), loss, rttMs, relayed };

  function cause(): QualityCause {
    if (byLoss === worst) return 'loss';
    if (byDelay === worst) return relayed ? 'relay' : 'delay';
    return limited!;
  }
}

const LEVELS = ['good', 'fair', 'poor'] as const;

function rank(value: number, { fair, poor }: { readonly fair: number; readonly poor: number }): number {
  return value >= poor ? 2 : value >= fair ? 1 : 0;
}
