/** Whether what came out is what should have. Each throws if it is not. */

export function same(text: string, expected: string): void {
  if (text !== expected) {
    throw new Error(`another text came out: ${text.length} units for ${expected.length}`);
  }
}

export function sameLength(text: string, length: number): void {
  if (text.length !== length) throw new Error(`${text.length} units came out for ${length}`);
}
