// The name under which a file is run. Pure.
import { hasEndingOf, LANGUAGES, type Language, pathProblem } from '@codesync/protocol';
import { type Placed, placeFor } from './paths.ts';

/**
 * The path that a program's file has in its sandbox. That is its own, unless the language's tools read the ending of
 * the name and it has another one: then it is a free path beside it with such an ending. Null when there is none.
 */
export function programPath(path: string, language: Language, tree: Placed): string | null {
  const { readsEnding, extensions } = LANGUAGES[language];
  if (!readsEnding || hasEndingOf(path, language)) return path;
  return placeFor(path + extensions[0], tree, (each) => pathProblem(each) === null, 'program');
}
