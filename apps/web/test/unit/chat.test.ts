// What the page makes of messages: Markdown that cannot do harm, names, code, and what is not sent yet.
import { type ChatMessage, LIMITS, type Member } from '@codesync/protocol';
import { fileId, messageId, participantId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fenced, fenceLanguage, inFence, looksLikeCode } from '../../src/features/chat/fences.ts';
import { type Node, parseMarkdown, webAddress } from '../../src/features/chat/markdown.ts';
import { mentions, peopleFor, typedName, withIds, withNames } from '../../src/features/chat/mentions.ts';
import { shownMessages, unreadOf } from '../../src/features/chat/shown.ts';

const ADA = participantId('ada-ada-ada-ada-1');
const BOB = participantId('bob-bob-bob-bob-22');

/** All that is drawn of a message, in order. */
function* all(nodes: readonly Node[]): Generator<Node> {
  for (const node of nodes) {
    yield node;
    if ('children' in node) yield* all(node.children);
  }
}
const kindsOf = (text: string) => [...all(parseMarkdown(text))].map(({ kind }) => kind);
const textOf = (text: string) =>
  [...all(parseMarkdown(text))].map((node) => ('text' in node ? node.text : '')).join('');
const linksOf = (text: string) =>
  [...all(parseMarkdown(text))].flatMap((node) => (node.kind === 'link' ? [node.href] : []));

describe('Markdown in a message', () => {
  test('has words, lists, quotes, tables, links and code', () => {
    expect(kindsOf('**a** _b_ ~~c~~ `d`')).toEqual(
      'paragraph strong text text em text text del text text code'.split(' '),
    );
    expect(kindsOf('- a\n- b')).toEqual(['list', 'item', 'text', 'item', 'text']);
    expect(kindsOf('> a')).toEqual(['quote', 'paragraph', 'text']);
    expect(kindsOf('|a|\n|-|\n|b|')).toEqual('table plain row head text plain row cell text'.split(' '));
    expect(kindsOf('a\nb')).toEqual(['paragraph', 'text', 'break', 'text']);
    expect(parseMarkdown('```py\nx = 1\n```')).toEqual([{ kind: 'block', text: 'x = 1', info: 'py' }]);
    expect(linksOf('see https://example.org/a_b and [this](http://example.org)')).toEqual([
      'https://example.org/a_b',
      'http://example.org/',
    ]);
  });

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b onclick="alert(1)">b</b>',
    '<svg/onload=alert(1)>',
    '<!-- a --><iframe srcdoc="<script>1</script>">',
  ])('never makes HTML of %s: it is shown as it was typed', (html) => {
    expect(textOf(html)).toBe(html);
    expect(new Set(kindsOf(html))).toEqual(
      new Set(['paragraph', 'text'].filter((kind) => kindsOf(html).includes(kind as Node['kind']))),
    );
  });

  test.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java\tscript:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](data:text/html,<script>1</script>)',
    '[x](vbscript:1)',
    '[x](file:///etc/passwd)',
    '[x](//example.org)',
    '[x](/r/abc)',
    '![x](javascript:alert(1))',
    '<javascript:alert(1)>',
    '[x][1]\n\n[1]: javascript:alert(1)',
    'mailto:a@example.org a@example.org',
    'main.py, lib/util.rs and www.example.org',
  ])('leads nowhere by %s', (text) => {
    expect(linksOf(text)).toEqual([]);
  });

  test('an image is a link to it, and nothing is loaded', () => {
    expect(kindsOf('![a cat](https://example.org/cat.png)')).toEqual(['paragraph', 'link', 'text']);
  });

  test.each([
    ['>'.repeat(LIMITS.chatUnits)],
    ['- '.repeat(LIMITS.chatUnits / 2)],
    ['['.repeat(LIMITS.chatUnits)],
    ['*a_'.repeat(LIMITS.chatUnits / 3)],
    ['`'.repeat(LIMITS.chatUnits)],
    [`${'|'.repeat(LIMITS.chatUnits / 2)}\n${'|-'.repeat(LIMITS.chatUnits / 4)}`],
  ])('of a hostile text is there soon, and not deep', (text) => {
    const begun = performance.now();
    const depth = (nodes: readonly Node[]): number =>
      nodes.reduce((most, node) => Math.max(most, 1 + ('children' in node ? depth(node.children) : 0)), 0);
    expect(depth(parseMarkdown(text))).toBeLessThan(40);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  test('of any text throws nothing, and every link is of the web', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '[',
      '](',
      ')',
      '*',
      '_',
      '`',
      '\n',
      '    ',
      '- ',
      '<@',
      'javascript:',
      'https://a.b',
      '|',
      'x',
      '&#x6a;',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        for (const href of linksOf(pieces.join(''))) expect(href).toMatch(/^https?:/);
      }),
    );
  });

  test('an address is of the web or none', () => {
    expect(webAddress('https://example.org')).toBe('https://example.org/');
    for (const other of ['javascript:1', ' javascript:1', 'ftp://a', '/a', '', 'https:'])
      expect(webAddress(other)).toBe(null);
  });
});

describe('names in a message', () => {
  const people = [
    { id: ADA, name: 'Ada' },
    { id: BOB, name: 'Ada Lovelace' },
  ];
  const nameOf = (id: string) => people.find((person) => person.id === id)!.name;

  test('become ids on the way out, and names again', () => {
    const typed = 'Hi @Ada Lovelace, (@Ada) and me@Ada, not @Adam nor `@Ada`';
    const sent = `Hi <@${BOB}>, (<@${ADA}>) and me@Ada, not @Adam nor \`@Ada\``;
    expect(withIds(typed, people)).toBe(sent);
    expect(withNames(sent, nameOf)).toBe(typed);
    expect([mentions(sent, ADA), mentions('Hi', ADA)]).toEqual([true, false]);
  });

  test('are drawn as somebody, and in code as they are', () => {
    expect(kindsOf(`<@${ADA}> \`<@${ADA}>\``)).toEqual(['paragraph', 'mention', 'text', 'code']);
  });

  test('are offered while they are typed', () => {
    expect(typedName('Hi @Ad')).toEqual({ from: 3, name: 'Ad' });
    expect([typedName('a@b'), typedName('Hi @Ad ')]).toEqual([null, null]);
    expect(peopleFor('lov', people as Member[]).map(({ id }) => id)).toEqual([BOB]);
    expect(peopleFor('', people as Member[])).toHaveLength(2);
  });
});

describe('code in a message', () => {
  test.each([
    ['def f(x):\n    return x', true],
    ['const a = 1;\nconst b = 2;', true],
    ['func main() {\n\tprintln(1)\n}', true],
    ['Dear all,\nI will be late.\nAda', false],
    ['- milk\n- eggs', false],
    ['one line;', false],
  ])('is known when it is pasted: %j', (text, isCode) => {
    expect(looksLikeCode(text)).toBe(isCode);
  });

  test('stands behind a fence that it cannot close, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('`', '```', '\n', 'x', '~~~', '<b>')), (parts) => {
        const code = `x${parts.join('')}x`;
        expect(parseMarkdown(fenced(code, 'py'))).toEqual([{ kind: 'block', text: code, info: 'py' }]);
      }),
    );
  });

  test('has the language that its fence names', () => {
    expect(['py', 'Rust', 'c++', '__proto__', ''].map(fenceLanguage)).toEqual([
      'python',
      'rust',
      'cpp',
      null,
      null,
    ]);
    expect([inFence('```js\nx'), inFence('```\nx\n```\n')]).toEqual([true, false]);
  });
});

describe('what is shown of the chat', () => {
  const message = (n: number, more: Partial<ChatMessage> = {}): ChatMessage => ({
    id: messageId(`message-${n}`),
    by: BOB,
    at: n,
    text: `word ${n}`,
    editedAt: null,
    place: null,
    reactions: [],
    ...more,
  });
  const room = (...messages: ChatMessage[]) => ({
    messages: new Map(messages.map((each) => [each.id, each])),
    files: new Map([[fileId('main'), { id: fileId('main'), path: 'main.py', language: null, blob: null }]]),
  });

  test('has what this person did on top, until the log has it', () => {
    const place = { file: fileId('main'), version: 0, from: 0, to: 1 };
    const bodies = [
      { kind: 'chat.send', message: messageId('message-9'), text: 'new', place },
      { kind: 'chat.edit', message: messageId('message-1'), text: 'changed' },
      { kind: 'chat.delete', message: messageId('message-2') },
      { kind: 'chat.react', message: messageId('message-3'), reaction: '👍', on: true },
      { kind: 'chat.react', message: messageId('message-4'), reaction: '👍', on: false },
      { kind: 'chat.edit', message: messageId('message-gone'), text: 'x' },
    ] as const;
    const unsent = bodies.map((body, i) => ({ clientSeq: i + 1, body }));
    const four = message(4, { reactions: [{ reaction: '👍', by: [ADA] }] });
    const shown = shownMessages(room(message(1), message(2), message(3), four), unsent, false, ADA, 50);
    expect(shown).toEqual([
      { ...message(1), text: 'changed', waiting: true },
      { ...message(3), reactions: [{ reaction: '👍', by: [ADA] }], waiting: false },
      { ...message(4), waiting: false },
      {
        ...message(9, { by: ADA, at: 50, text: 'new', place: { file: fileId('main'), path: 'main.py' } }),
        waiting: true,
      },
    ]);
  });

  test('is unread where others said it after what was seen', () => {
    const all = [message(1), message(2), message(3, { by: ADA }), message(4)];
    expect(unreadOf(all, 1, ADA).map(({ at }) => at)).toEqual([2, 4]);
  });
});
