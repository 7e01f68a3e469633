// What a level of indentation is made of. It imports no Monaco: the status bar says it too.

/** `tabs`: a level is a tab, shown over `size` columns; else it is so many spaces. */
export type Indent = { readonly size: number; readonly tabs: boolean };

/** Go's formatter and make insist on tabs, whatever was chosen. */
export function indentOf(path: string, { size, tabs }: Indent): Indent {
  return { size, tabs: tabs || path.endsWith('.go') || /(^|\/)Makefile$/i.test(path) };
}
