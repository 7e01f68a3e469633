// Code in messages stands in fenced blocks. Pure.
import { FileLanguage } from '@codesync/protocol';

/** What people call languages, beside their own names. */
const ALIASES: Readonly<Record<string, FileLanguage>> = {
  js: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  tsx: 'typescript',
  py: 'python',
  rs: 'rust',
  golang: 'go',
  'c++': 'cpp',
  h: 'c',
  sh: 'shell',
  bash: 'shell',
  zsh: 'shell',
  yml: 'yaml',
  md: 'markdown',
  jsonc: 'json',
  toml: 'ini',
  svg: 'xml',
};

/** The language that a fence names; null: none that is known. */
export function fenceLanguage(info: string): FileLanguage | null {
  const [name = ''] = info.trim().toLowerCase().split(/\s+/);
  if (Object.hasOwn(ALIASES, name)) return ALIASES[name]!;
  return FileLanguage.safeParse(name).data ?? null;
}

/** `code` as a block, behind a fence that is longer than any in it. */
export function fenced(code: string, language: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code.replace(/\n+$/, '')}\n${fence}\n`;
}

/** Whether the end of `before` stands in a block that is not closed. */
export function inFence(before: string): boolean {
  return (before.match(/^(?:`{3,}|~{3,})/gm) ?? []).length % 2 === 1;
}

/** A line that prose has no reason for: it is indented, or ends or begins as code does. */
const CODE_LINE =
  /^(?:\t| {2,})\S|[{};]\s*$|^\s*(?:def|class|import|from|func|fn|let|const|var|return|if|for|while|use|pub|package|#include|#!|<\/?\w+|\}|\/\/|\$ )|\)\s*:\s*$|=>|\w\(.*\)\s*$|^\s*\w+ :?= /;

/** Whether several lines that were pasted look like code, rather than like a letter or a list. */
export function looksLikeCode(pasted: string): boolean {
  const lines = pasted.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2 || /^(?:`{3,}|~{3,})/m.test(pasted)) return false;
  if (lines.every((line) => /^\s*(?:[-*+]|\d+[.)])\s/.test(line))) return false;
  return lines.filter((line) => CODE_LINE.test(line)).length * 3 >= lines.length;
}
