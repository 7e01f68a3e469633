/**
 * The runs that wait for a sandbox: whose turn it is (see turns.ts), and which place each of them is told. Pure, but for
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

export type Waiting<K, S> = Party & { readonly key: K; readonly claim: Claim<S>; position: number };

export class WaitingRuns<K, S> {
  /** Over all keys, in the order of their coming. */
  readonly #waiting: Waiting<K, S>[] = [];

  add(key: K, { network, room }: Party, claim: Claim<S>): Waiting<K, S> {
    const waiting: Waiting<K, S> = { network, room, key, claim, position: 0 };
    this.#waiting.push(waiting);
    return waiting;
  }

  /** False when it does not wait any more. */
  remove(waiting: Waiting<K, S>): boolean {
    const at = this.#waiting.indexOf(waiting);
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
    return this.#waiting.filter((waiting) => waiting.network === network).length;
  }

  countOf(key: K): number {
    return this.#waiting.filter((waiting) => waiting.key === key).length;
  }

  /** Whatever their key, in the order in which they will be served while `going` have sandboxes. */
  inTurn(going: readonly Party[]): readonly Waiting<K, S>[] {
    return inTurn(this.#waiting, going);
  }

  /** Tells those whose place has changed. A place is among those of its key: others wait for other sandboxes. */
  tellPositions(going: readonly Party[]): void {
    const told = new Map<K, number>();
    for (const waiting of this.inTurn(going)) {
      const position = (told.get(waiting.key) ?? 0) + 1;
      told.set(waiting.key, position);
      if (waiting.position === position) continue;
      waiting.position = position;
      waiting.claim.waiting(position);
    }
  }
}
