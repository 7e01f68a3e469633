/**
 * Whose turn it is when runs or workspaces wait. The network with the fewest going is next; within it, the room with the fewest.
 * Rooms and people cost nothing to make: counting them alone would give one network every turn. A class sits behind one
 * network: counting networks alone would let one of its rooms hold up the others.
 */
export type Party = { readonly network: string; readonly room: string };

/**
 * Sorts `waiting`, which is in the order of arrival, into the order of service while `going` have sandboxes. Nobody waits
 * for ever: among those with equally many going, the first to come is the first to be served.
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
