// What much text costs of its client's rate, beyond being a message: big ones fill the log as many small ones do.
import type { CommandBody, EventBody } from '@codesync/protocol';
import { textUnits } from '../rooms/text-units.ts';

/** Text that costs as much as one more command, in UTF-16 units. */
const UNITS_PER_TOKEN = 65_536;

/** What `units` of text cost, in commands. */
export function bulkOfUnits(units: number): number {
  return Math.floor(units / UNITS_PER_TOKEN);
}

/** What the text in a command or an event costs, in commands. */
export function bulkOf(body: CommandBody | EventBody): number {
  return bulkOfUnits(textUnits(body));
}
