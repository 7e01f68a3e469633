import { apply, diffLines, isNoop, type Op } from '@codesync/ot';
import type { Random } from '@codesync/ot/testing';
import { property } from '@codesync/ot/testing/property';
import { expect, test } from 'vitest';
import {
  changedOnDisk,
  type DiskCopy,
  diskCopy,
  editedInRoom,
  isBehind,
  refusedByDisk,
  sendToDisk,
  tookIn,
} from '../src/index.ts';

/** A room's text, a disk, and the copy between them. What is said travels in its order, and takes its time. */
class Scene {
  room: string;
  copy: DiskCopy;
  disk: { text: string; revision: number };
  /** What the disk is told, and what it answers. */
  readonly #toDisk: { text: string; over: number }[] = [];
  readonly #toRoom: (
    | { took: number }
    | { refused: true }
    | { text: string; revision: number; base: number }
  )[] = [];

  constructor(text: string) {
    this.room = text;
    this.disk = { text, revision: 1 };
    this.copy = diskCopy(text, 1, text);
  }

  edit(op: Op): void {
    this.room = apply(this.room, op);
    this.copy = editedInRoom(this.copy, op);
  }

  /** A program that read the disk at `base` writes it. */
  write(text: string, base = this.disk.revision): void {
    this.disk = { text, revision: this.disk.revision + 1 };
    this.#toRoom.push({ ...this.disk, base });
  }

  send(): void {
    if (this.copy.sending !== null || this.#toRoom.length > 0 || !isBehind(this.copy)) return;
    const over = this.copy.revision;
    const { copy, text } = sendToDisk(this.copy);
    this.copy = copy;
    this.#toDisk.push({ text, over });
  }

  deliverToDisk(): void {
    const write = this.#toDisk.shift();
    if (write === undefined) return;
    if (write.over !== this.disk.revision) {
      // The refusal comes after the change that it is for, and before the answer to the question what that is.
      const change = this.#toRoom.findIndex((message) => 'text' in message);
      this.#toRoom.splice(change < 0 ? this.#toRoom.length : change, 0, { refused: true });
      return;
    }
    this.disk = { text: write.text, revision: this.disk.revision + 1 };
    this.#toRoom.push({ took: this.disk.revision });
  }

  deliverToRoom(): void {
    // While a write is on its way, what has changed waits for its answer.
    const next = this.#toRoom[0];
    if (next === undefined || ('text' in next && this.copy.sending !== null)) return;
    this.#toRoom.shift();
    if ('took' in next) this.copy = tookIn(this.copy, next.took);
    else if ('refused' in next) this.copy = refusedByDisk(this.copy);
    else {
      const { copy, edit } = changedOnDisk(this.copy, next.revision, next.text, next.base);
      this.copy = copy;
      this.room = apply(this.room, edit);
    }
  }

  settle(): void {
    for (let i = 0; i < 100; i++) {
      this.deliverToDisk();
      this.deliverToRoom();
      this.send();
    }
  }
}

let words = 0;
/** A word that no text has yet. */
const word = (): string => `<${++words}>`;

function insertion(random: Random, text: string, what: string): Op {
  // Between words only, so that each stays whole.
  const places = [0, ...[...text.matchAll(/>|\n/g)].map(({ index }) => index + 1)];
  const at = random.pick(places);
  return at === 0 ? [what] : [at, what];
}

function step(random: Random, scene: Scene, written: string[]): void {
  const what = random.pick([word, () => `${word()}\n`])();
  switch (random.below(6)) {
    case 0:
      written.push(what.trim());
      scene.edit(insertion(random, scene.room, what));
      return;
    case 1: {
      written.push(what.trim());
      scene.write(apply(scene.disk.text, insertion(random, scene.disk.text, what)));
      return;
    }
    case 2:
      scene.send();
      return;
    case 3:
    case 4:
      scene.deliverToDisk();
      return;
    default:
      scene.deliverToRoom();
  }
}

property('room and disk end with one text, which has every word that was written, once', 3_000, (random) => {
  const scene = new Scene('<a>\n<b>\n<c>\n');
  const written = ['<a>', '<b>', '<c>'];
  for (let i = random.below(40); i >= 0; i--) step(random, scene, written);
  scene.settle();
  expect(scene.disk.text).toBe(scene.room);
  expect(isBehind(scene.copy)).toBe(false);
  for (const each of written) expect(scene.room.split(each)).toHaveLength(2);
});

property('what deletes and replaces on both sides ends with one text', 3_000, (random) => {
  const scene = new Scene('one\ntwo\nthree\n');
  const rewritten = (text: string) =>
    text
      .split('\n')
      .flatMap((line) => random.pick([[line], [line], [`${line}!`], [], [line.slice(1)], [line, word()]]))
      .join('\n');
  for (let i = random.below(40); i >= 0; i--) {
    const what = random.below(4);
    if (what === 0) scene.edit(diffLines(scene.room, rewritten(scene.room)));
    else if (what === 1) scene.write(rewritten(scene.disk.text));
    else step(random, scene, []);
  }
  scene.settle();
  expect(scene.disk.text).toBe(scene.room);
});

/** A copy whose disk has what was typed into the room. */
function typed(text: string, op: Op): Scene {
  const scene = new Scene(text);
  scene.edit(op);
  scene.send();
  scene.deliverToDisk();
  scene.deliverToRoom();
  expect(scene.disk.text).toBe(apply(text, op));
  return scene;
}

test('a formatter that had read the file before something was typed keeps what was typed', () => {
  const scene = typed('a=1\nb=2\n', [4, 'typed\n']);
  scene.write('a = 1\nb = 2\n', 1);
  scene.settle();
  expect(scene.room).toBe('a = 1\ntyped\nb = 2\n');
  expect(scene.disk.text).toBe(scene.room);
});

test('a program that adds to the file as it is adds it once, whatever somebody had read before', () => {
  const scene = typed('a\n', [2, 'typed\n']);
  scene.write('a\ntyped\nadded\n', 1);
  scene.settle();
  expect(scene.room).toBe('a\ntyped\nadded\n');
});

test('what one program overwrites of another stays overwritten', () => {
  const scene = typed('a\n', [2, 'typed\n']);
  scene.write('other\n');
  scene.settle();
  // As `git checkout` does, soon after something had read the file.
  scene.write('a\n', 1);
  scene.settle();
  expect(scene.room).toBe('a\n');
  expect(scene.disk.text).toBe('a\n');
});

test('what a program takes back is taken back, when nothing was written since it was read', () => {
  const scene = typed('a\n', [2, 'typed\n']);
  scene.write('a\n', scene.disk.revision);
  scene.settle();
  expect(scene.room).toBe('a\n');
});

test('a file that is not on the disk is behind, even an empty one', () => {
  const copy = diskCopy('', 0, '');
  expect(isBehind(copy)).toBe(true);
  expect(isBehind(tookIn(sendToDisk(copy).copy, 1))).toBe(false);
  expect(isNoop(copy.ahead)).toBe(true);
});
