// JSON of something large, made piece by piece. One call of `JSON.stringify` would let nobody else have the processor.

/** A piece ends when it has so many units. A single element of a list may be longer. */
const PIECE_UNITS = 500_000;

/** The JSON of `value`, cut between its fields and between the elements of its lists. Neither fields of its own nor elements are undefined. */
export function* jsonPieces(value: object): Generator<string, void> {
  let piece = '{';
  let separator = '';
  for (const [key, field] of Object.entries(value)) {
    piece += `${separator}${JSON.stringify(key)}:`;
    separator = ',';
    if (!Array.isArray(field)) {
      piece += JSON.stringify(field);
      continue;
    }
    piece += '[';
    for (let i = 0; i < field.length; i++) {
      piece += `${i === 0 ? '' : ','}${JSON.stringify(field[i])}`;
      if (piece.length < PIECE_UNITS) continue;
      yield piece;
      piece = '';
    }
    piece += ']';
  }
  yield `${piece}}`;
}
