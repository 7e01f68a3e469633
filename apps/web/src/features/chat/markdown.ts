// Markdown to what a message may show. Nothing is ever made into HTML: HTML in a message is its text. Pure.
import MarkdownIt, { type Token } from 'markdown-it';
import { MENTION } from './mentions.ts';

/** Quotes and lists that lie deeper in each other are not shown as such. */
const DEPTH_MAX = 12;

type Named = 'paragraph' | 'heading' | 'quote' | 'strong' | 'em' | 'del' | 'table' | 'row' | 'head' | 'cell';

export type Node =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'break' | 'rule' }
  | { readonly kind: 'mention'; readonly id: string }
  | { readonly kind: 'block'; readonly text: string; readonly info: string }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Node[] }
  /** `start`: the number of the first; null: they have none. */
  | { readonly kind: 'list'; readonly start: number | null; readonly children: readonly Node[] }
  | { readonly kind: Named | 'item' | 'plain'; readonly children: readonly Node[] };

const NAMES: Readonly<Record<string, Named | 'item' | 'plain'>> = {
  paragraph: 'paragraph',
  heading: 'heading',
  blockquote: 'quote',
  list_item: 'item',
  strong: 'strong',
  em: 'em',
  s: 'del',
  table: 'table',
  tr: 'row',
  th: 'head',
  td: 'cell',
  thead: 'plain',
  tbody: 'plain',
};

const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, maxNesting: DEPTH_MAX });
// A file such as main.py is no address.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
// Which addresses a message may lead to is decided where links are made. Here all are taken for links.
parser.inline.ruler.before('autolink', 'mention', (state, silent) => {
  const match = new RegExp(MENTION.source, 'y');
  match.lastIndex = state.pos;
  const found = match.exec(state.src);
  if (found === null) return false;
  if (!silent) state.push('mention', '', 0).content = found[1]!;
  state.pos += found[0].length;
  return true;
});

/** What a message says. */
export function parseMarkdown(text: string): readonly Node[] {
  return tree(parser.parse(text, {}));
}

/** An address that a message may lead to: http and https only; null for any other. */
export function webAddress(href: string): string | null {
  const url = URL.parse(href);
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url.href : null;
}

/** Puts what stands between an opening and its closing token into one node. */
function tree(tokens: readonly Token[]): readonly Node[] {
  const levels: { readonly opened: Token | null; readonly children: Node[] }[] = [
    { opened: null, children: [] },
  ];
  for (const token of tokens) {
    if (token.nesting === 1) levels.push({ opened: token, children: [] });
    else if (token.nesting === 0) levels.at(-1)!.children.push(...leaf(token));
    else {
      const { opened, children } = levels.pop()!;
      levels.at(-1)!.children.push(...around(opened!, children));
    }
  }
  return levels[0]!.children;
}

function leaf(token: Token): readonly Node[] {
  const { type, content } = token;
  switch (type) {
    case 'inline':
      return tree(token.children ?? []);
    case 'code_inline':
      return [{ kind: 'code', text: content }];
    case 'fence':
    case 'code_block':
      return [{ kind: 'block', text: content.replace(/\n$/, ''), info: token.info }];
    case 'softbreak':
    case 'hardbreak':
      return [{ kind: 'break' }];
    case 'hr':
      return [{ kind: 'rule' }];
    case 'mention':
      return [{ kind: 'mention', id: content }];
    case 'image': {
      const source = String(token.attrGet('src') ?? '');
      return linkTo(source, [{ kind: 'text', text: content || source }]);
    }
    default:
      return content === '' ? [] : [{ kind: 'text', text: content }];
  }
}

function around(opened: Token, children: readonly Node[]): readonly Node[] {
  const type = opened.type.replace(/_open$/, '');
  // The paragraphs of a list without blank lines are none.
  if (type === 'paragraph' && opened.hidden) return children;
  if (type === 'link') return linkTo(String(opened.attrGet('href') ?? ''), children);
  if (type === 'bullet_list') return [{ kind: 'list', start: null, children }];
  if (type === 'ordered_list')
    return [{ kind: 'list', start: Number(opened.attrGet('start') ?? 1), children }];
  return [{ kind: NAMES[type] ?? 'plain', children }];
}

function linkTo(href: string, children: readonly Node[]): readonly Node[] {
  const address = webAddress(href);
  return address === null ? children : [{ kind: 'link', href: address, children }];
}
