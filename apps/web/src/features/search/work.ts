// What the worker does: keeps a copy of the room's texts, and searches it a slice at a time, so that it hears of what
// has changed meanwhile. Pure but for the clock and the way to go on, which it is given.
import type { FileId } from '@codesync/protocol';
import { globs } from './globs.ts';
import type { Copy, Edits, Found, FromWorker, ToWorker } from './messages.ts';
import { compile } from './pattern.ts';
import { editsOf } from './replacing.ts';
import { search } from './showing.ts';

/** Longest stretch of work after which what was found is told. */
const SLICE_MS = 30;

export type WorkHost = {
  readonly tell: (message: FromWorker) => void;
  /** In milliseconds. */
  readonly now: () => number;
  /** Calls `run` once other messages have been heard. */
  readonly later: (run: () => void) => void;
};

type Asked = Extract<ToWorker, { kind: 'search' }>;

/** One search, as long as no other is asked for. */
type Going = {
  readonly asked: Asked;
  readonly pattern: RegExp;
  readonly isIn: (path: string) => boolean;
  /** The paths of files that are still to be searched, in order. */
  readonly waiting: Map<FileId, string>;
  /** How many matches of each file are shown. */
  readonly shown: Map<FileId, number>;
};

export class Work {
  readonly #host: WorkHost;
  readonly #copies = new Map<FileId, Copy>();
  #going: Going | null = null;
  #working = false;

  constructor(host: WorkHost) {
    this.#host = host;
  }

  hear(message: ToWorker): void {
    if (message.kind === 'texts') for (const copy of message.copies) this.#copies.set(copy.file, copy);
    else if (message.kind === 'search') this.#search(message);
    else this.#edits(message);
  }

  #search(asked: Asked): void {
    if (this.#going?.asked.search !== asked.search) {
      const compiled = compile(asked.query);
      if (!compiled.ok) {
        this.#going = null;
        this.#host.tell({ kind: 'wrong', search: asked.search, problem: compiled.problem });
        return;
      }
      const { pattern } = compiled;
      const [include, exclude] = [globs(asked.query.include), globs(asked.query.exclude)];
      const isIn = (path: string) => (include?.(path) ?? true) && !(exclude?.(path) ?? false);
      this.#going = { asked, pattern, isIn, waiting: new Map(), shown: new Map() };
    }
    for (const { file, path } of asked.files) this.#going.waiting.set(file, path);
    if (!this.#working) this.#slice();
  }

  #slice(): void {
    this.#working = false;
    if (this.#going === null) return;
    const { asked, waiting } = this.#going;
    const found: Found[] = [];
    const until = this.#host.now() + SLICE_MS;
    for (const [file, path] of waiting) {
      waiting.delete(file);
      const one = this.#find(this.#going, file, path);
      if (one !== null) found.push(one);
      if (this.#host.now() > until) break;
    }
    this.#host.tell({ kind: 'found', search: asked.search, found });
    if (waiting.size === 0) this.#host.tell({ kind: 'done', search: asked.search });
    else {
      this.#working = true;
      this.#host.later(() => this.#slice());
    }
  }

  #find({ asked, pattern, isIn, shown }: Going, file: FileId, path: string): Found | null {
    const copy = this.#copies.get(file);
    if (copy === undefined) return null;
    const { query, replacement } = asked;
    const others = [...shown.values()].reduce((sum, each) => sum + each, 0) - (shown.get(file) ?? 0);
    const how = replacement === null ? null : { template: replacement, regex: query.regex };
    const result = isIn(path)
      ? search(copy.text, pattern, asked.most - others, how)
      : { count: 0, matches: [] };
    shown.set(file, result.matches.length);
    return { file, stamp: copy.stamp, ...result };
  }

  #edits({ ask, query, replacement, file, bounds }: Extract<ToWorker, { kind: 'edits' }>): void {
    const copy = this.#copies.get(file);
    const compiled = compile(query);
    const result: Edits =
      copy === undefined || !compiled.ok
        ? { ok: true, edits: [] }
        : editsOf(copy.text, compiled.pattern, { template: replacement, regex: query.regex }, bounds);
    this.#host.tell({ kind: 'edits', ask, stamp: copy?.stamp ?? -1, result });
  }
}
