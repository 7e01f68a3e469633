// From what a person types to the expression that finds it. Pure.
import { RegExpSyntaxError, RegExpValidator } from '@eslint-community/regexpp';
import type { Query } from './messages.ts';
import { escaped } from './pattern-escape.ts';

type Sought = Pick<Query, 'text' | 'matchCase' | 'wholeWord' | 'regex'>;

/** `problem` is a sentence for whoever typed the query. */
export type Compiled =
  | { readonly ok: true; readonly pattern: RegExp }
  | { readonly ok: false; readonly problem: string };

const WORD = '[\\p{L}\\p{M}\\p{N}\\p{Pc}]';

/**
 * The expression for a query, with the flags `g` and `m`, and `u` where the query allows it. A word's edge is where a
 * letter, a digit or an underscore meets anything else, in any script.
 */
export function compile({ text, matchCase, wholeWord, regex }: Sought): Compiled {
  const flags = matchCase ? 'gm' : 'gmi';
  if (!regex) return { ok: true, pattern: new RegExp(framed(escaped(text), wholeWord, true), `${flags}u`) };
  const strict = syntaxError(text, true);
  const loose = strict === null ? null : syntaxError(text, false);
  if (strict !== null && loose !== null) return { ok: false, problem: inWords(loose, text) };
  const unicode = strict === null;
  try {
    return {
      ok: true,
      pattern: new RegExp(framed(text, wholeWord, unicode), unicode ? `${flags}u` : flags),
    };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {
      ok: false,
      problem: 'This browser does not know a part of this regular expression. Write it another way.',
    };
  }
}

/** An edge is only asked for where the match has a word there: “->x” is found after a letter, “x” is not. */
function framed(source: string, wholeWord: boolean, unicode: boolean): string {
  if (!wholeWord) return source;
  const word = unicode ? WORD : '\\w';
  return `(?:(?<!${word})|(?!${word}))(?:${source})(?:(?!${word})|(?<!${word}))`;
}

function syntaxError(source: string, unicode: boolean): RegExpSyntaxError | null {
  try {
    new RegExpValidator().validatePattern(source, 0, source.length, { unicode });
    return null;
  } catch (error) {
    if (error instanceof RegExpSyntaxError) return error;
    throw error;
  }
}

/** So much of an expression is quoted, in units. */
const MOST_QUOTED = 20;

/** What is wrong, by the last words of the parser's message. */
const WRONGS: Readonly<Record<string, string>> = {
  'Unterminated group': 'a “(” has no “)”',
  "Unmatched ')'": 'a “)” has no “(”',
  'Unterminated character class': 'a “[” has no “]”',
  'Nothing to repeat': 'there is nothing to repeat',
  'Lone quantifier brackets': 'a bracket stands alone, and needs a “\\” before it',
  '\\ at end of pattern': 'a “\\” has nothing after it',
  'Range out of order in character class': 'a range goes backwards',
  'numbers out of order in {} quantifier': 'the numbers in “{}” go backwards',
  'Incomplete quantifier': 'a “{” has no “}”',
  'Invalid group': 'a “(?” is not followed by what it needs',
  'Invalid escape': 'this “\\” means nothing',
  'Invalid capture group name': 'a group has no proper name',
  'Duplicate capture group name': 'two groups have one name',
  'Invalid named reference': 'a “\\k” is not followed by the name of a group',
  'Invalid named capture referenced': 'there is no group of that name',
};

function inWords({ index, message }: RegExpSyntaxError, source: string): string {
  const told = message.slice(message.lastIndexOf(': ') + 2);
  const read = source.slice(Math.max(0, index - MOST_QUOTED), index);
  const place = index >= source.length ? 'at its end' : index === 0 ? 'at its beginning' : `after “${read}”`;
  return `The regular expression is wrong ${place}: ${WRONGS[told] ?? told.toLowerCase()}. Correct it to search.`;
}
