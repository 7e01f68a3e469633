/**
 * Those who wait for a sandbox: whose turn it is (see turns.ts), and which place each of them is told. Pure, but for
 * the claims that it calls.
 */
import { inTurn, type Party } from './turns.ts';

export type Claim<S> = {
  given(sandbox: S): void;
  /** Called on every change of place; 1 is next. Not called when a sandbox is given at once. */
  waiting(position: number): void;
  /** There is no sandbox to be had; a sentence for a person. */
  refused(reason: string): void;
};

export type Claimant<K, S> = Party & { readonly key: K; readonly claim: Claim<S>; position: number };

export class Waiting<K, S> {
  /** Over all keys, in the order of their coming. */
  readonly #waiting: Claimant<K, S>[] = [];

  add(key: K, { network, room }: Party, claim: Claim<S>): Claimant<K, S> {
    const claimant: Claimant<K, S> = { network, room, key, claim, position: 0 };
    this.#waiting.push(claimant);
    return claimant;
  }

  /** False when it does not wait any more. */
  remove(claimant: Claimant<K, S>): boolean {
    const at = this.#waiting.indexOf(claimant);
    if (at === -1) return false;
    this.#waiting.splice(at, 1);
    return true;
  }

  refuseAll(reason: string): void {
    for (const { claim } of this.#waiting.splice(0)) claim.refused(reason);
  }

  /** Over all keys; of one network, if it is named. */
  count(network?: string): number {
    if (network === undefined) return this.#waiting.length;
    return this.#waiting.filter((claimant) => claimant.network === network).length;
  }

  countOf(key: K): number {
    return this.#waiting.filter((claimant) => claimant.key === key).length;
  }

  /** Whatever their key, in the order in which they will be served while `going` have sandboxes. */
  inTurn(going: readonly Party[]): readonly Claimant<K, S>[] {
    return inTurn(this.#waiting, going);
  }

  /** Tells those whose place has changed. A place is among those of its key: others wait for other sandboxes. */
  tellPositions(going: readonly Party[]): void {
    const told = new Map<K, number>();
    for (const claimant of this.inTurn(going)) {
      const position = (told.get(claimant.key) ?? 0) + 1;
      told.set(claimant.key, position);
      if (claimant.position === position) continue;
      claimant.position = position;
      claimant.claim.waiting(position);
    }
  }
}
