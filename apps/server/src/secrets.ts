import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LinkRole, ParticipantId, RoomId } from '@codesync/protocol';

/** Secrets that follow from the installation's: nothing of them is stored. */
export type Secrets = {
  /** 256 bits for signing identity cookies. */
  readonly cookieKey: Uint8Array;
  /** What a link for this role carries: 132 bits in base64url. Another generation is another secret. */
  linkSecret(room: RoomId, role: LinkRole, generation: number): string;
  /** What a participant is called where nobody may know who they are: 96 bits in base64url. */
  alias(participant: ParticipantId): string;
};

export function deriveSecrets(secret: string): Secrets {
  const key = (purpose: string) => createHmac('sha256', secret).update(`codesync ${purpose} v1`).digest();
  const links = key('links');
  const aliases = key('aliases');
  return {
    cookieKey: key('cookie'),
    alias: (participant) =>
      createHmac('sha256', aliases).update(participant).digest('base64url').slice(0, 16),
    linkSecret: (room, role, generation) =>
      createHmac('sha256', links).update(`${room}|${role}|${generation}`).digest('base64url').slice(0, 22),
  };
}

/** Equality of secrets in a time that depends on their lengths alone. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
