// Chance for the fuzz: the same seed and name give the same case on every machine.
import { Random as Seeded } from '@codesync/ot/testing';

export class Random extends Seeded {
  /** The chance of one case: `seed` is the run's, `name` says which case. (FNV-1a.) */
  static of(seed: number, name: string): Random {
    let hash = 0x811c9dc5 ^ seed;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    return new Random(hash);
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** An id of `length` characters of base64url. */
  id(length: number): string {
    return this.bytes(length).toString('base64url').slice(0, length);
  }
}
