// The links of rooms: which secret opens which of them.
import type { LinkRole, RoomId } from '@codesync/protocol';
import type { LinkClaim } from '@codesync/room';

/** The generation of each link of a room; a higher one revokes those before. */
export type LinkGenerations = Readonly<Record<LinkRole, number>>;

export type LinkSecretsDeps = {
  readonly linkSecret: (room: RoomId, role: LinkRole, generation: number) => string;
  /** In constant time. */
  readonly sameSecret: (a: string, b: string) => boolean;
};

/** Earlier generations of a link that are told as revoked; older ones count as unknown. */
const REMEMBERED_GENERATIONS = 50;

export class LinkSecrets {
  readonly #deps: LinkSecretsDeps;

  constructor(deps: LinkSecretsDeps) {
    this.#deps = deps;
  }

  /** What the secret of a link is worth in a room. */
  claim(room: RoomId, generations: LinkGenerations, secret: string | null): LinkClaim {
    if (secret === null) return null;
    const { linkSecret, sameSecret } = this.#deps;
    for (const role of ['editor', 'viewer'] as const) {
      const current = generations[role];
      if (sameSecret(secret, linkSecret(room, role, current))) return role;
      for (let old = current - 1; old >= Math.max(1, current - REMEMBERED_GENERATIONS); old--) {
        if (sameSecret(secret, linkSecret(room, role, old))) return 'revoked';
      }
    }
    return null;
  }

  /** The secrets of the links in force. */
  inForce(room: RoomId, { editor, viewer }: LinkGenerations): Record<LinkRole, string> {
    return {
      editor: this.#deps.linkSecret(room, 'editor', editor),
      viewer: this.#deps.linkSecret(room, 'viewer', viewer),
    };
  }
}
