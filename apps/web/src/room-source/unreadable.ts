import { Unreadable } from '@codesync/room';

/**
 * What `read` gives, in a list of its own. The list is empty for what this version cannot read. That stays in the
 * storage for a version that can, and the console says why.
 */
export function readable<Result>(read: () => Result): readonly [Result] | readonly [] {
  try {
    return [read()];
  } catch (error) {
    if (!(error instanceof Unreadable) && !(error instanceof SyntaxError)) throw error;
    console.error('something that a page left in this browser cannot be read', error);
    return [];
  }
}
