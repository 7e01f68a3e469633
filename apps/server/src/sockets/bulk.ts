// What much text costs of its client's rate, beyond being one message. A few big messages fill the log as many small
// ones do.

/** Text that costs as much as one more command, in UTF-16 units. */
const UNITS_PER_TOKEN = 65_536;

/** What `units` of text cost, in commands. */
export function bulkOf(units: number): number {
  return Math.floor(units / UNITS_PER_TOKEN);
}
