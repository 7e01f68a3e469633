import {
  type TerminalMessage,
  type TerminalScreen,
  type TerminalState,
  writeTerminalFrame,
} from '@codesync/protocol';
import { terminalId } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TerminalWatches } from '../../../src/room-source/terminal-watches.ts';

const T = terminalId('terminal-1');
const SIZE = { cols: 80, rows: 24 };
const STATE: TerminalState = { terminal: T, shell: 1, phase: { kind: 'running' }, size: SIZE, driver: null };

/** A page that watches one terminal: what it shows, and what it said to the server. */
class Page {
  readonly said: TerminalMessage[] = [];
  online = true;
  shown = '';
  upTo = 0;
  /** What came of keys, with what was shown by then. */
  readonly typed: [number, string][] = [];
  readonly watches = new TerminalWatches((message) => {
    if (this.online) this.said.push(message);
    return this.online;
  });
  readonly watch = this.watches.watch(T, SIZE, {
    screen: (screen) => {
      this.shown = screen.screen;
      this.upTo = screen.at;
    },
    state: () => undefined,
    output: (bytes, upTo, typed) => {
      this.shown += Buffer.from(bytes).toString('latin1');
      this.upTo = upTo;
      if (typed > 0) this.typed.push([typed, this.shown]);
    },
  });

  screen(text: string, shell = 1): void {
    const screen: TerminalScreen = { ...STATE, shell, screen: text, at: text.length };
    this.watches.screen(screen);
  }

  frame(from: number, text: string, { shell = 1, typed = 0 } = {}): void {
    const bytes = Buffer.from(text, 'latin1');
    this.watches.frame(writeTerminalFrame({ terminal: T, shell, from, typed, bytes }));
  }

  /** What it typed, and for which shell. */
  get keys(): [shell: number, text: string][] {
    return this.said.flatMap((message) => (message.kind === 'type' ? [[message.shell, message.text]] : []));
  }

  /** How often it asked for a screen. */
  get asked(): number {
    return this.said.filter(({ kind }) => kind === 'watch').length;
  }
}

describe('a terminal that is watched', () => {
  it('shows every byte once, whatever comes twice', () => {
    const page = new Page();
    page.frame(0, 'before any screen');
    page.screen('$ ');
    page.frame(2, 'ls');
    page.frame(2, 'ls -l');
    page.frame(0, '$ ');
    expect(page.shown).toBe('$ ls -l');
  });

  it('asks for the screen where bytes are missing, and shows nothing in between', () => {
    const page = new Page();
    page.screen('$ ');
    page.frame(9, 'far');
    page.frame(12, 'farther');
    expect(page.shown).toBe('$ ');
    expect(page.asked).toBe(2);
    page.screen('$ and all');
    page.frame(9, '!');
    expect(page.shown).toBe('$ and all!');
  });

  it('asks anew after every join, and passes over what an older shell says', () => {
    const page = new Page();
    page.screen('old', 1);
    page.watches.joined();
    expect(page.asked).toBe(2);
    page.screen('new', 2);
    page.frame(3, ' of the old', { shell: 1 });
    page.frame(3, ' one', { shell: 2 });
    expect(page.shown).toBe('new one');
    page.watch.type('x');
    expect(page.said.at(-1)).toEqual({ kind: 'type', terminal: T, shell: 2, number: 1, text: 'x' });
  });

  it('says when keys go nowhere: without a connection', () => {
    const page = new Page();
    page.screen('$ ');
    expect(page.watch.type('x')).toBe(1);
    page.online = false;
    expect(page.watch.type('y')).toBeNull();
    page.online = true;
    expect(page.watch.type('y')).toBe(2);
  });

  it('types what was typed before the first screen, when that has come', () => {
    const page = new Page();
    expect(page.watch.type('l')).toBeNull();
    expect(page.watch.type('s')).toBeNull();
    expect(page.keys).toEqual([]);
    page.screen('$ ', 7);
    page.watch.type('\r');
    page.screen('$ ', 7);
    expect(page.keys).toEqual([
      [7, 'l'],
      [7, 's'],
      [7, '\r'],
    ]);
  });

  it('types at once while bytes are missing: the shell is known', () => {
    const page = new Page();
    page.screen('$ ', 7);
    page.frame(9, 'far', { shell: 7 });
    expect(page.watch.type('x')).toBe(1);
    expect(page.keys).toEqual([[7, 'x']]);
  });

  it('forgets what was typed ahead where the connection was cut meanwhile, or there was none', () => {
    const page = new Page();
    page.watch.type('rm ');
    page.watches.joined();
    page.screen('$ ');
    expect(page.keys).toEqual([]);
    const offline = new Page();
    offline.online = false;
    offline.watches.joined();
    offline.watch.type('rm ');
    offline.online = true;
    offline.screen('$ ');
    expect(offline.keys).toEqual([]);
  });

  it('tells which keys have come into what is shown, also where they showed nothing', () => {
    const page = new Page();
    page.screen('$ ');
    page.frame(2, 'ls', { typed: 2 });
    page.frame(4, '', { typed: 3 });
    page.frame(4, '');
    expect(page.typed).toEqual([
      [2, '$ ls'],
      [3, '$ ls'],
    ]);
  });

  it('is told of no more once it is not watched, nor by a watch that another has replaced', () => {
    const page = new Page();
    page.screen('$ ');
    const other = page.watches.watch(T, SIZE, { screen: () => {}, state: () => {}, output: () => {} });
    page.watch.stop();
    expect(page.said.at(-1)!.kind).toBe('watch');
    other.stop();
    expect(page.said.at(-1)!.kind).toBe('unwatch');
    page.frame(2, 'more');
    expect(page.shown).toBe('$ ');
  });

  it('passes over frames that nobody could read', () => {
    const page = new Page();
    page.screen('$ ');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        page.watches.frame(bytes);
        expect(page.shown).toBe('$ ');
      }),
    );
  });

  it('shows what the shell wrote, whatever is lost, repeated or cut off on the way', () => {
    const all = Array.from({ length: 200 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
    const piece = fc.record({
      from: fc.nat(200),
      length: fc.integer({ min: 1, max: 20 }),
      kind: fc.constantFrom('next', 'next', 'again', 'later', 'join'),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const page = new Page();
        page.screen('');
        let asked = page.asked;
        for (const { from, length, kind } of pieces) {
          if (kind === 'join') page.watches.joined();
          const at =
            kind === 'again' ? from % (page.upTo + 1) : kind === 'later' ? page.upTo + 1 + from : page.upTo;
          const text = all.slice(at, at + length);
          if (kind !== 'join' && text !== '') page.frame(at, text);
          // Whoever asks gets the screen.
          if (page.asked > asked) page.screen(all.slice(0, Math.max(page.upTo, at) % 200));
          asked = page.asked;
          expect(page.shown).toBe(all.slice(0, page.upTo));
        }
      }),
    );
  });
});
