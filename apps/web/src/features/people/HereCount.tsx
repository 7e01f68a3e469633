import { useHere } from './useHere.ts';

/** How many are here: in words in the status bar, as a number in a phone's bar. */
export function HereWords() {
  return <span>{useHere().length} here</span>;
}

export function HereCount() {
  return useHere().length;
}
