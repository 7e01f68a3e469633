/** Numbers that a program printed, told briefly: each stretch of them in which one follows the other. */
export function stretches(numbers: readonly number[]): (readonly [first: number, last: number])[] {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found;
}
