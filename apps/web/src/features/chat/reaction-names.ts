import type { Reaction } from '@codesync/protocol';

/** What reactions are called, for whoever does not see them. */
export const REACTION_NAMES: Readonly<Record<Reaction, string>> = {
  '👍': 'Thumbs up',
  '❤️': 'Heart',
  '😄': 'Laughing',
  '🎉': 'Hooray',
  '👀': 'Looking',
  '✅': 'Done',
  '❓': 'Question',
  '👎': 'Thumbs down',
};
