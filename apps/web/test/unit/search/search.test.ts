import { fromEdits } from '@codesync/ot';
import { BlobHash, type FileId, LIMITS } from '@codesync/protocol';
import { fileId, participantId } from '@codesync/protocol/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MOST_SHOWN } from '../../../src/features/search/limits.ts';
import type { FromWorker, Match, ToWorker } from '../../../src/features/search/messages.ts';
import { Search } from '../../../src/features/search/search.ts';
import { SILENCE_MS } from '../../../src/features/search/search-line.ts';
import { Work } from '../../../src/features/search/work.ts';
import { FakeRoom, ME } from '../../harness/fake-room.ts';

const GRACE = participantId('grace_00000000000000');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A room, its search, and the worker in this thread. A worker that `hangs` takes what it is told and says nothing. */
class Scene {
  readonly room = new FakeRoom();
  readonly heard: ToWorker[] = [];
  readonly search: Search;
  readonly leave: () => void;
  hangs = false;
  workers = 0;
  ended = 0;

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.create(path, text);
    this.search = new Search(this.room, (hear) => this.#open(hear));
    this.leave = this.search.follow();
    this.search.see(true);
  }

  create(path: string, text: string): void {
    this.room.log({ kind: 'file.created', file: idOf(path), path, text });
  }

  /** Others type. */
  type(path: string, at: number, remove: number, insert: string): void {
    const text = this.room.text(idOf(path))!;
    this.room.log(
      {
        kind: 'edit',
        file: idOf(path),
        version: this.#version(path),
        op: fromEdits([{ at, remove, insert }]),
      },
      GRACE,
    );
    expect(this.room.text(idOf(path))).not.toBe(text);
  }

  async settle(): Promise<void> {
    await vi.advanceTimersByTimeAsync(500);
  }

  async find(text: string, options = {}): Promise<void> {
    this.search.ask({ text, ...options });
    await this.settle();
  }

  /** The texts of the matches, by path. */
  results(): Record<string, string[]> {
    const { found } = this.search.state.getState();
    const line = ({ before, hit, after }: Match) => `${before}[${hit}]${after}`;
    return Object.fromEntries(
      [...found].map(([file, { matches }]) => [
        this.room.view().room.files.get(file)!.path,
        matches.map(line),
      ]),
    );
  }

  texts(): FileId[] {
    return this.heard.flatMap((message) =>
      message.kind === 'texts' ? message.copies.map(({ file }) => file) : [],
    );
  }

  #version(path: string): number {
    return this.room.document(idOf(path))!.version() + 1;
  }

  #open(hear: (message: FromWorker) => void) {
    this.workers++;
    const work = new Work({
      tell: (message) => queueMicrotask(() => hear(message)),
      now: () => 0,
      later: queueMicrotask,
    });
    queueMicrotask(() => hear({ kind: 'ready' }));
    return {
      post: (message: ToWorker) => {
        this.heard.push(message);
        if (!this.hangs) queueMicrotask(() => work.hear(message));
      },
      end: () => this.ended++,
    };
  }
}

const idOf = (path: string) => fileId(`file-${path}`);

describe('a search', () => {
  test('passes over files that are no text', async () => {
    const scene = new Scene({ 'empty.txt': '' });
    const blob = { hash: BlobHash.parse('0'.repeat(64)), bytes: 3 };
    scene.room.log({ kind: 'file.uploaded', file: idOf('logo.png'), path: 'logo.png', blob });
    await scene.find('^$', { regex: true });
    expect(Object.keys(scene.results())).toEqual(['empty.txt']);
    scene.room.log({ kind: 'file.renamed', file: idOf('logo.png'), path: 'mark.png' });
    await scene.settle();
    expect(Object.keys(scene.results())).toEqual(['empty.txt']);
  });

  test('finds by file, and follows what others type in files that nobody has opened', async () => {
    const scene = new Scene({ 'a.py': 'one two', 'b.py': 'two\ntwo', 'c.py': 'three' });
    await scene.find('two');
    expect(scene.results()).toEqual({ 'a.py': ['one [two]'], 'b.py': ['[two]', '[two]'] });
    scene.type('c.py', 0, 5, 'a two');
    scene.type('a.py', 4, 3, 'too');
    await scene.settle();
    expect(scene.results()).toEqual({ 'b.py': ['[two]', '[two]'], 'c.py': ['a [two]'] });
  });

  test('gives the worker no text twice that has not changed', async () => {
    const scene = new Scene({ 'a.py': 'x', 'b.py': 'x' });
    await scene.find('x');
    await scene.find('y');
    expect(scene.texts().toSorted()).toEqual([idOf('a.py'), idOf('b.py')]);
    scene.type('b.py', 0, 1, 'y');
    await scene.settle();
    expect(scene.texts()).toHaveLength(3);
  });

  test('follows new files, new names and files that go', async () => {
    const scene = new Scene({ 'a.py': 'x', 'b.js': 'x' });
    await scene.find('x', { include: '*.py' });
    expect(scene.results()).toEqual({ 'a.py': ['[x]'] });
    scene.create('c.py', 'an x');
    scene.room.log({ kind: 'file.renamed', file: idOf('b.js'), path: 'b.py' });
    await scene.settle();
    expect(Object.keys(scene.results()).toSorted()).toEqual(['a.py', 'b.py', 'c.py']);
    scene.room.log({ kind: 'file.deleted', file: idOf('a.py') });
    expect(Object.keys(scene.results()).toSorted()).toEqual(['b.py', 'c.py']);
  });

  test('waits while nobody sees it, and has all when somebody does', async () => {
    const scene = new Scene({ 'a.py': 'x' });
    await scene.find('x');
    scene.search.see(false);
    const before = scene.heard.length;
    scene.type('a.py', 0, 0, 'xx ');
    await scene.settle();
    expect(scene.heard).toHaveLength(before);
    scene.search.see(true);
    await scene.settle();
    expect(scene.results()).toEqual({ 'a.py': ['[x]x x', 'x[x] x', 'xx [x]'] });
  });

  test('lists so many matches and counts the rest', async () => {
    const scene = new Scene({ 'a.py': 'x\n'.repeat(MOST_SHOWN - 1), 'b.py': 'x x x' });
    await scene.find('x');
    const found = [...scene.search.state.getState().found.values()];
    expect(found.map(({ count, matches }) => [count, matches.length])).toEqual([
      [MOST_SHOWN - 1, MOST_SHOWN - 1],
      [3, 1],
    ]);
  });

  test('that is wrong says so, and nothing is left of the one before', async () => {
    const scene = new Scene({ 'a.py': 'x' });
    await scene.find('x');
    await scene.find('(', { regex: true });
    expect(scene.search.state.getState()).toMatchObject({ going: false, found: new Map() });
    expect(scene.search.state.getState().problem).toMatch(/^The regular expression is wrong at its end/);
    await scene.find('x');
    expect(scene.results()).toEqual({ 'a.py': ['[x]'] });
  });

  test('without an end is ended with its worker, and the next one begins with all texts', async () => {
    const scene = new Scene({ 'a.py': 'x' });
    await scene.find('x');
    scene.hangs = true;
    await scene.find('(x+x+)+y', { regex: true });
    await vi.advanceTimersByTimeAsync(SILENCE_MS);
    expect(scene.ended).toBe(1);
    expect(scene.search.state.getState().problem).toMatch(/^The search was stopped after two seconds/);
    // Nobody starts it again by typing.
    scene.type('a.py', 0, 0, 'x');
    await scene.settle();
    expect(scene.workers).toBe(1);
    scene.hangs = false;
    await scene.find('x');
    expect(scene.workers).toBe(2);
    expect(scene.results()).toEqual({ 'a.py': ['[x]x', 'x[x]'] });
  });
});

test('a search of a room that is left ends its worker, and hears nothing more', async () => {
  const scene = new Scene({ 'a.py': 'x' });
  await scene.find('x');
  scene.leave();
  expect(scene.ended).toBe(1);
  const before = scene.heard.length;
  scene.type('a.py', 0, 0, 'x');
  await scene.settle();
  expect(scene.heard).toHaveLength(before);
});

describe('what is dismissed', () => {
  const third = (scene: Scene) => {
    const found = scene.search.state.getState().found.get(idOf('a.py'))!;
    scene.search.dismiss(found.file, found.matches[2]!);
  };

  test('stays away while others type before it, and is not replaced', async () => {
    const scene = new Scene({ 'a.py': 'a1 a2 a3 a4', 'b.py': 'a' });
    await scene.find('a');
    third(scene);
    expect(scene.results()['a.py']).toHaveLength(3);
    scene.type('a.py', 0, 0, 'xyz ');
    await scene.settle();
    expect(scene.results()['a.py']).toEqual(['xyz [a]1 a2 a3 a4', 'xyz a1 [a]2 a3 a4', 'xyz a1 a2 a3 [a]4']);
    scene.search.replaceBy('b');
    await scene.settle();
    const edits = await scene.search.edits(idOf('a.py'));
    expect(edits).toEqual({ ok: true, edits: [4, 7, 13].map((at) => ({ at, remove: 1, insert: 'b' })) });
  });

  test('comes back with another query, a file as well', async () => {
    const scene = new Scene({ 'a.py': 'ab ab ab', 'b.py': 'a' });
    await scene.find('a');
    third(scene);
    scene.search.dismiss(idOf('b.py'), null);
    expect(scene.results()).toEqual({ 'a.py': ['[a]b ab ab', 'ab [a]b ab'] });
    expect(await scene.search.edits(idOf('b.py'))).toEqual({ ok: true, edits: [] });
    await scene.find('b');
    expect(scene.results()['a.py']).toHaveLength(3);
  });
});

describe('a replacement', () => {
  test('is made for the text as it is when it comes, whoever types meanwhile', async () => {
    const scene = new Scene({ 'a.py': 'cat cat' });
    await scene.find('cat');
    scene.search.replaceBy('dog');
    await scene.settle();
    const asked = scene.search.edits(idOf('a.py'));
    scene.type('a.py', 0, 3, 'the');
    const edits = await asked;
    expect(edits).toEqual({ ok: true, edits: [{ at: 4, remove: 3, insert: 'dog' }] });
  });

  test('that would make a file too long is refused', async () => {
    const scene = new Scene({ 'a.py': 'x'.repeat(10) });
    await scene.find('x');
    scene.search.replaceBy('y'.repeat(LIMITS.fileUnits / 5));
    await scene.settle();
    expect(await scene.search.edits(idOf('a.py'))).toEqual({ ok: false, why: 'long' });
  });

  test('of a search without an end comes to nothing', async () => {
    const scene = new Scene({ 'a.py': 'x' });
    await scene.find('x');
    scene.hangs = true;
    const asked = scene.search.edits(idOf('a.py'));
    await vi.advanceTimersByTimeAsync(SILENCE_MS + 100);
    expect(await asked).toBeNull();
  });
});

test('a place that was found is carried to where the text has moved it', async () => {
  const scene = new Scene({ 'a.py': 'one two' });
  await scene.find('two');
  const found = scene.search.state.getState().found.get(idOf('a.py'))!;
  scene.room.log({ kind: 'edit', file: idOf('a.py'), version: 1, op: ['zero '] }, ME);
  expect(scene.search.now(found, found.matches[0]!.start)).toBe(9);
});
