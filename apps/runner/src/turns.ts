/**
 * Whose turn it is when runs wait: that of the network with the fewest runs going, and within a network that of the
 * room with the fewest. Rooms and people cost nothing to make, so neither alone would keep one network from taking every
 * turn; and a class behind one network should not wait for one of its rooms.
 */
export type Party = { readonly network: string; readonly room: string };

/**
 * `waiting`, given in the order of its coming, in the order in which it is to be served while `going` goes on. Nobody
 * waits for ever: whoever has come first goes first among those with as many going.
 */
export function inTurn<T extends Party>(waiting: readonly T[], going: readonly Party[]): readonly T[] {
  const byRoom = shared(waiting, going, ({ network, room }) => JSON.stringify([network, room]));
  return shared(byRoom, going, ({ network }) => network);
}

/** Sorted by how many of the same key go on or stand before it; where that is equal the order stays. */
function shared<T extends Party>(
  waiting: readonly T[],
  going: readonly Party[],
  keyOf: (party: Party) => string,
): readonly T[] {
  const before = new Map<string, number>();
  const next = (party: Party): number => {
    const key = keyOf(party);
    const count = before.get(key) ?? 0;
    before.set(key, count + 1);
    return count;
  };
  for (const party of going) next(party);
  return waiting
    .map((one) => ({ one, rank: next(one) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}
