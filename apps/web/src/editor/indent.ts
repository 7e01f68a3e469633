// What a level of indentation is made of. It imports no Monaco: the status bar says it too.

/** A level of indentation: with `tabs` one tab, shown `size` columns wide; without, `size` spaces. */
export type Indent = { readonly size: number; readonly tabs: boolean };

/** Go's formatter and make insist on tabs, whatever was chosen. */
export function indentOf(path: string, { size, tabs }: Indent): Indent {
  return { size, tabs: tabs || path.endsWith('.go') || /(^|\/)Makefile$/i.test(path) };
}
