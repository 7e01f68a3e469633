// The STUN and TURN servers that people in a call are told of, with credentials that they make from a shared secret.
import { createHmac } from 'node:crypto';
import { type IceServer, LIMITS, type ParticipantId } from '@codesync/protocol';
import type { Clock, Relays } from './ports.ts';

export type RelayConfig = {
  readonly stun: readonly string[];
  /** Null where there is no TURN server. */
  readonly turn: { readonly urls: readonly string[]; readonly secret: string } | null;
};

/**
 * Credentials of the REST scheme for TURN (draft-uberti-behave-turn-rest-00): the server that has the same secret
 * believes them until `expiry`, Unix seconds. `name` tells users apart, for its quotas.
 */
export function turnCredentials(secret: string, name: string, expiry: number) {
  const username = `${expiry}:${name}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}

/** @param nameOf what a participant is called at the TURN server: nobody outside may know whom it stands for */
export function createRelays(
  { stun, turn }: RelayConfig,
  clock: Pick<Clock, 'now'>,
  nameOf: (participant: ParticipantId) => string,
): Relays {
  const open: readonly IceServer[] = stun.length === 0 ? [] : [{ urls: stun }];
  return {
    serversFor: (participant) => {
      if (turn === null) return { servers: open, validMs: null };
      const { relayCredentialsMs: validMs } = LIMITS;
      const expiry = Math.floor((clock.now() + validMs) / 1000);
      const credentials = turnCredentials(turn.secret, nameOf(participant), expiry);
      return { servers: [...open, { urls: turn.urls, ...credentials }], validMs };
    },
  };
}
