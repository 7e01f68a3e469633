// A client id belongs to one open tab at a time. A claim holds it for as long as the tab lives.
import type { ClientId } from '@codesync/protocol';

export type Claim = { readonly release: () => void };

/** Null when another tab holds it. */
export type ClaimClient = (client: ClientId) => Promise<Claim | null>;

/** How long another tab has to say that an id is its own, where the browser has no locks. */
const ANSWER_MS = 150;

/** Web Locks: the browser itself frees the id of a tab that has gone, crashed ones too. */
const claimByLock: ClaimClient = (client) =>
  new Promise((resolve, reject) => {
    // Absent on pages without TLS.
    navigator.locks
      .request(`codesync-client:${client}`, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(null);
        return new Promise<void>((release) => resolve({ release }));
      })
      .catch(reject);
  });

/** Browsers have locks on secure pages only; elsewhere the tabs ask each other. */
const claimByAsking: ClaimClient = async (client) => {
  const channel = new BroadcastChannel(`codesync-client:${client}`);
  const held = await new Promise<boolean>((resolve) => {
    channel.onmessage = ({ data }) => data === 'mine' && resolve(true);
    channel.postMessage('whose');
    setTimeout(() => resolve(false), ANSWER_MS);
  });
  if (held) {
    channel.close();
    return null;
  }
  channel.onmessage = ({ data }) => data === 'whose' && channel.postMessage('mine');
  return { release: () => channel.close() };
};

/**
 * There is nothing to ask with, so other tabs are not known. Two tabs with one id take turns, as the server has it.
 */
const claimByHope: ClaimClient = async () => ({ release: () => undefined });

/** By whatever of these the browser gives to this page. */
export const claimClient: ClaimClient = async (client) => {
  for (const claim of [claimByLock, claimByAsking]) {
    try {
      return await claim(client);
    } catch {
      // Missing, or refused to pages such as this one.
    }
  }
  return claimByHope(client);
};
