// What the sources of packages/protocol say in words: their doc comments.
import fs from 'node:fs';
import path from 'node:path';

const SRC = path.resolve(import.meta.dirname, '../src');

const source = fs
  .readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort()
  .map((file) => fs.readFileSync(path.join(SRC, file), 'utf8'))
  .join('\n');

/** A doc comment as one line. */
function inLine(comment: string | undefined): string {
  return (comment ?? '')
    .replace(/^\s*\*+ ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const DOC = String.raw`(?:/\*\*((?:(?!\*/)[\s\S])*)\*/\s*)?`;

/** The doc comment of each exported constant and type, by its name. */
export const DOCS: ReadonlyMap<string, string> = new Map(
  [...source.matchAll(new RegExp(`${DOC}^export (?:const|type) (\\w+)`, 'gm'))]
    .map(([, doc, name]) => [name!, inLine(doc)] as const)
    .filter(([, doc]) => doc !== ''),
);

/** Methods and paths of the HTTP interface, as the sources list them. */
export const HTTP: readonly string[] = [...source.matchAll(/^ \*\s+((?:GET|PUT|POST) .*)$/gm)].map(
  ([, line]) => line!,
);

export type Member = { readonly name: string; readonly rest: string; readonly doc: string };

/** What stands between the braces of the constant or type: each name, what follows its colon, and its doc comment. */
export function membersOf(declaration: string): Member[] {
  const start = source.indexOf(`export ${declaration} = {`);
  if (start < 0) throw new Error(`packages/protocol has no ${declaration}`);
  const block = source.slice(start, source.indexOf('\n}', start)).split('\n').slice(1).join('\n');
  return [...block.matchAll(new RegExp(`${DOC}^  (\\w+): (.*?)[,;]$`, 'gm'))].map(([, doc, name, rest]) => ({
    name: name!,
    rest: rest!,
    doc: inLine(doc),
  }));
}
