/** Values that JSON can write and that have no text and no number. zod throws where one is the `length` of another. */
export const UNCOMPARABLE: readonly unknown[] = [JSON.parse('{"toString":1,"valueOf":1}'), nested(100_000)];

/** Copies of a value as JSON has them, each with `other` in the place of one of its parts, or of the whole. */
export function* withInEachPlace(value: unknown, other: unknown): Generator<unknown> {
  yield other;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    for (const copy of withInEachPlace(part, other)) {
      yield Array.isArray(value) ? value.with(Number(key), copy) : { ...value, [key]: copy };
    }
  }
}

function nested(levels: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < levels; level++) value = [value];
  return value;
}
