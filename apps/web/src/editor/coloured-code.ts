// Code in the editor's colours, where there is no editor.
import type { FileLanguage } from '@codesync/protocol';
import { monaco } from './monaco.ts';
import { colourOf } from './theme.ts';

/** A line as stretches of text; `colour` is a token of the page, null where code has none of its own. */
export type ColouredLine = readonly { readonly text: string; readonly colour: string | null }[];

/** Rejects when the language cannot be loaded. */
export async function colouredCode(text: string, language: FileLanguage): Promise<readonly ColouredLine[]> {
  // It resolves when the language is there.
  await monaco.editor.colorize('', language, {});
  const lines = text.split('\n');
  return monaco.editor.tokenize(text, language).map((tokens, i) =>
    tokens.map(({ offset, type }, j) => ({
      text: lines[i]!.slice(offset, tokens[j + 1]?.offset),
      colour: colourOf(type),
    })),
  );
}
