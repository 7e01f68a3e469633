// What a level of indentation is made of. It imports no Monaco: the status bar says it too.
import type { Named } from '@codesync/protocol';
import { fileLanguageOf } from './languages.ts';

/** A level of indentation: with `tabs` one tab, shown `size` columns wide; without, `size` spaces. */
export type Indent = { readonly size: number; readonly tabs: boolean };

/** Go's formatter and make insist on tabs, whatever was chosen. */
export function indentOf(file: Named, { size, tabs }: Indent): Indent {
  return { size, tabs: tabs || fileLanguageOf(file) === 'go' || /(^|\/)Makefile$/i.test(file.path) };
}
