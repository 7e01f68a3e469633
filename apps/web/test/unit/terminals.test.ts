import type { ShellEnd } from '@codesync/protocol';
import { terminalId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isForShell, type KeyPress } from '../../src/desk/shortcuts.ts';
import { freeName, seenTerminal } from '../../src/features/terminals/acts.ts';
import { apartGroups } from '../../src/features/terminals/apart.ts';
import { blockedWords, endWords, phaseWords, pieces } from '../../src/features/terminals/words.ts';

const terminalOf = (id: string, name = id) => ({
  id: terminalId(id),
  name,
  by: null,
  locked: false,
  shell: 1,
  end: null,
});

describe('terminals', () => {
  test('are named by the first number that is free', () => {
    expect(freeName([])).toBe('Terminal 1');
    expect(freeName([terminalOf('a', 'Terminal 1'), terminalOf('b', 'Tests')])).toBe('Terminal 2');
    expect(freeName([terminalOf('a', 'Terminal 2')])).toBe('Terminal 1');
  });

  test('the chosen one is seen, and the newest where there is no such one', () => {
    const [a, b] = [terminalOf('a'), terminalOf('b')];
    const all = new Map([a, b].map((terminal) => [terminal.id, terminal]));
    expect(seenTerminal(all, a.id)).toBe(a);
    expect(seenTerminal(all, terminalId('gone'))).toBe(b);
    expect(seenTerminal(all, null)).toBe(b);
    expect(seenTerminal(new Map(), null)).toBeNull();
  });

  test.each<[Partial<ShellEnd>, string]>([
    [{ exitCode: 0 }, 'The shell has ended.'],
    [{ exitCode: 3 }, 'The shell has ended with exit code 3.'],
    [{ signal: 'SIGKILL' }, 'The shell was ended by SIGKILL.'],
    [{ exitCode: 1, message: 'Its memory was full.' }, 'Its memory was full.'],
  ])('a shell that ended with %j', (end, words) => {
    expect(endWords({ exitCode: null, signal: null, ...end })).toBe(words);
  });

  test('say why nothing is there yet', () => {
    expect(phaseWords({ kind: 'running' })).toBeNull();
    expect(phaseWords({ kind: 'queued', position: 1 })).toContain('next');
    expect(phaseWords({ kind: 'queued', position: 4 })).toContain('number 4');
    expect(blockedWords({ state: 'ready', warm: {}, busy: 0 })).toBeNull();
    expect(blockedWords({ state: 'off', reason: 'No engine.', mend: 'Install one.' })).toBe(
      'No engine. Install one.',
    );
  });

  test('what is pasted goes in pieces that are short enough and cut no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 2, max: 9 }), (text, units) => {
        const all = pieces(text, units);
        expect(all.join('')).toBe(text);
        for (const piece of all) {
          expect(piece.length).toBeGreaterThan(0);
          expect(piece.length).toBeLessThanOrEqual(units);
          expect(piece.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test.each([
    ['Control with a letter', { key: 'c', code: 'KeyC', ctrlKey: true }, true],
    ['Alt with a letter', { key: 'b', code: 'KeyB', altKey: true }, true],
    ['Escape', { key: 'Escape', code: 'Escape' }, true],
    ['a function key', { key: 'F8', code: 'F8' }, true],
    ['Control with Shift', { key: 'F', code: 'KeyF', ctrlKey: true, shiftKey: true }, false],
    ['Command', { key: 'k', code: 'KeyK', metaKey: true }, false],
    ['the key of the panel', { key: '`', code: 'Backquote', ctrlKey: true }, false],
  ])('%s: whether the shell gets it', (_, press, forShell) => {
    const none = {
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      shiftKey: false,
      getModifierState: () => false,
    };
    expect(isForShell({ ...none, ...press } as KeyPress)).toBe(forShell);
  });
});

describe('what is only on the disk', () => {
  test('stands together by its reason, with what can be done', () => {
    const groups = apartGroups([
      { path: 'a.png', why: 'large' },
      { path: 'A.py', why: 'case' },
      { path: 'b.png', why: 'large' },
    ]);
    expect(groups.map(({ why, names }) => [why, ...names])).toEqual([
      ['large', 'a.png', 'b.png'],
      ['case', 'A.py'],
    ]);
    for (const { sentences } of groups) expect(sentences).toMatch(/^[A-Z].*\. [A-Z].*\.$/);
  });

  test('has names that cannot hide what they are', () => {
    const [group] = apartGroups([{ path: 'a\u202egpj.exe\n\u0007\ud800', why: 'name' }]);
    expect(group!.names).toEqual(['a\\u{202e}gpj.exe\\u{a}\\u{7}\ufffd']);
    const [long] = apartGroups([{ path: `x${'y'.repeat(300)}`, why: 'name' }]);
    expect(long!.names).toEqual([`…${'y'.repeat(240)}`]);
  });
});
