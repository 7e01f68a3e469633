// Prettier with the plugins that a text needs, each loaded when it is first asked for.
import type { Plugin } from 'prettier';
import { format } from 'prettier/standalone';
import type { Parser } from './formatters.ts';
import type { FormatResult, FormatTask } from './messages.ts';

const babel = () => import('prettier/plugins/babel');
const estree = () => import('prettier/plugins/estree');
const postcss = () => import('prettier/plugins/postcss');
const yaml = () => import('prettier/plugins/yaml');

/** Code inside of HTML is formatted too; a Markdown file keeps its code as it is. */
const PLUGINS: Readonly<Record<Parser, readonly (() => Promise<Plugin>)[]>> = {
  babel: [babel, estree],
  typescript: [() => import('prettier/plugins/typescript'), estree],
  json: [babel, estree],
  jsonc: [babel, estree],
  css: [postcss],
  scss: [postcss],
  less: [postcss],
  html: [() => import('prettier/plugins/html'), babel, estree, postcss],
  markdown: [() => import('prettier/plugins/markdown'), yaml],
  yaml: [yaml],
};

/** The most of prettier's own words that is told, in UTF-16 units. */
const WORDS_UNITS = 200;

/** Formats by prettier's own settings: they are the same for everyone in the room. */
export async function prettified({ parser, text }: FormatTask): Promise<FormatResult> {
  const plugins = await Promise.all(PLUGINS[parser].map((load) => load()));
  try {
    return { ok: true, text: await format(text, { parser, plugins }) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [first = ''] = error.message.split('\n');
    return {
      ok: false,
      line: lineOf(error),
      // The place is told beside it.
      words: first.replace(/ \(\d+:\d+\)$/, '').slice(0, WORDS_UNITS),
    };
  }
}

/** The line that a parser of prettier's could not read. */
function lineOf(
  error: Error & { readonly loc?: { readonly start?: { readonly line?: unknown } } },
): number | null {
  const line = error.loc?.start?.line;
  return typeof line === 'number' ? line : null;
}
