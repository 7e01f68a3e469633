// Immutable maps. Pure.

/** `map` with `key` set to `value`: a copy, in the same order, a new key last. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

/** `map` without `key`. */
export function withoutEntry<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

/** A map of things by their ids, in their order. */
export function byId<K, V extends { readonly id: K }>(things: Iterable<V>): ReadonlyMap<K, V> {
  return new Map([...things].map((thing) => [thing.id, thing]));
}
