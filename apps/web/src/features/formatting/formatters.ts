// Which formatter a file has: by the language that was chosen for it, else by its name's ending. Pure.
import type { FileLanguage, FormatLanguage, Named } from '@codesync/protocol';

/** What prettier calls the languages that it formats in the page. */
export type Parser =
  | 'babel'
  | 'typescript'
  | 'json'
  | 'jsonc'
  | 'css'
  | 'scss'
  | 'less'
  | 'html'
  | 'markdown'
  | 'yaml';

/** `sandbox`: the server has it formatted. `page`: prettier does, in a worker of the page. */
export type Formatter =
  | { readonly place: 'sandbox'; readonly language: FormatLanguage }
  | { readonly place: 'page'; readonly parser: Parser };

const SANDBOX: Readonly<Record<FormatLanguage, readonly string[]>> = {
  python: ['.py', '.pyi'],
  go: ['.go'],
  rust: ['.rs'],
};

const PAGE: Readonly<Record<Parser, readonly string[]>> = {
  babel: ['.js', '.mjs', '.cjs', '.jsx'],
  typescript: ['.ts', '.mts', '.cts', '.tsx'],
  json: ['.json', '.webmanifest'],
  jsonc: ['.jsonc'],
  css: ['.css'],
  scss: ['.scss'],
  less: ['.less'],
  html: ['.html', '.htm'],
  markdown: ['.md', '.markdown'],
  yaml: ['.yaml', '.yml'],
};

const ALL: readonly (readonly [ending: string, Formatter])[] = [
  ...keysOf(SANDBOX).flatMap((language) =>
    SANDBOX[language].map((ending) => [ending, { place: 'sandbox', language }] as const),
  ),
  ...keysOf(PAGE).flatMap((parser) =>
    PAGE[parser].map((ending) => [ending, { place: 'page', parser }] as const),
  ),
];

const CHOSEN: Partial<Readonly<Record<FileLanguage, Formatter>>> = {
  python: { place: 'sandbox', language: 'python' },
  go: { place: 'sandbox', language: 'go' },
  rust: { place: 'sandbox', language: 'rust' },
  javascript: { place: 'page', parser: 'babel' },
  typescript: { place: 'page', parser: 'typescript' },
  json: { place: 'page', parser: 'json' },
  css: { place: 'page', parser: 'css' },
  html: { place: 'page', parser: 'html' },
  markdown: { place: 'page', parser: 'markdown' },
  yaml: { place: 'page', parser: 'yaml' },
};

/** The formatter of a file; null when there is none for it. */
export function formatterOf({ path, language }: Named): Formatter | null {
  if (language !== null) return CHOSEN[language] ?? null;
  const name = path.toLowerCase();
  return ALL.find(([ending]) => name.endsWith(ending))?.[1] ?? null;
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): readonly Key[] {
  return Object.keys(record) as Key[];
}
