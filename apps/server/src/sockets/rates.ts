import { LIMITS } from '@codesync/protocol';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Limits that count over sockets: by network address and by participant. */
export type SocketRates = {
  joinAllowed(address: string): Promise<boolean>;
  /** Why a run may not start, null when it may. What a participant may not start does not count for the address. */
  runRefused(participant: string, address: string): Promise<'run.tooOften' | 'run.address' | null>;
  /** Whether a participant may give the chat one more thing. */
  chatAllowed(participant: string): Promise<boolean>;
  /** Whether a participant may once more ask others to follow or to come somewhere. */
  guideAllowed(participant: string): Promise<boolean>;
  /** Sockets that are open from that address. */
  sockets(address: string): number;
  connected(address: string): void;
  disconnected(address: string): void;
};

async function consume(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  try {
    await limiter.consume(key);
    return true;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return false;
    throw refusal;
  }
}

/** @param clientsPerAddress how many clients one address may have */
export function createSocketRates(clientsPerAddress: number): SocketRates {
  const joins = new RateLimiterMemory({ points: LIMITS.joinsPerMinute, duration: 60 });
  const runs = new RateLimiterMemory({ points: LIMITS.runStartsPerMinute, duration: 60 });
  const runsOfAddress = new RateLimiterMemory({
    points: Math.max(LIMITS.runStartsPerMinute, LIMITS.runStartsPerMinuteAndClient * clientsPerAddress),
    duration: 60,
  });
  const chats = new RateLimiterMemory({ points: LIMITS.chatPerMinute, duration: 60 });
  const guides = new RateLimiterMemory({ points: LIMITS.guidesPerMinute, duration: 60 });
  const sockets = new Map<string, number>();
  return {
    joinAllowed: (address) => consume(joins, address),
    runRefused: async (participant, address) => {
      if (!(await consume(runs, participant))) return 'run.tooOften';
      return (await consume(runsOfAddress, address)) ? null : 'run.address';
    },
    chatAllowed: (participant) => consume(chats, participant),
    guideAllowed: (participant) => consume(guides, participant),
    sockets: (address) => sockets.get(address) ?? 0,
    connected: (address) => void sockets.set(address, (sockets.get(address) ?? 0) + 1),
    disconnected: (address) => {
      const count = sockets.get(address) ?? 0;
      if (count > 1) sockets.set(address, count - 1);
      else sockets.delete(address);
    },
  };
}
