// One person's search of a room: the query, what it finds, and how that follows what everybody types.
import type { FileId } from '@codesync/protocol';
import { type FileEntry, sortedFiles } from '@codesync/room';
import { createStore, type StoreApi } from 'zustand';
import type { RoomSource, TextChange } from '../../room-source/types.ts';
import { Histories } from './histories.ts';
import type { Edits, Found, FromWorker, Match, Query } from './messages.ts';
import { SearchLine, type SearchLineOptions } from './search-line.ts';

/** So long after the last key in a field of the query the search begins, and after a change of a text it goes on. */
const PAUSE_MS = 150;
/** A text that changes all the time is asked for so often before it is left alone. */
const TRIES = 20;

/** A place in a text of a certain stamp. `at`: null is the file itself. */
export type Place = { readonly file: FileId; readonly stamp: number; readonly at: number | null };

export type SearchState = {
  readonly query: Query;
  /** Null: nothing is to be replaced. */
  readonly replacement: string | null;
  /** Files with matches, without what was dismissed. */
  readonly found: ReadonlyMap<FileId, Found>;
  readonly going: boolean;
  /** Why nothing is found, as a sentence. */
  readonly problem: string | null;
  /** The result that is chosen. */
  readonly current: Place | null;
};

const NOTHING: SearchState = {
  query: { text: '', matchCase: false, wholeWord: false, regex: false, include: '', exclude: '' },
  replacement: null,
  found: new Map(),
  going: false,
  problem: null,
  current: null,
};

const LOST = {
  slow: 'The search was stopped after two seconds without an end. Make the expression simpler: a repeat inside of a repeat, such as “(a+)+”, takes for ever.',
  failed:
    'The search could not be started. Try again when the connection is back, or reload the page if it is.',
} as const;

export class Search {
  readonly state: StoreApi<SearchState> = createStore(() => NOTHING);
  readonly #source: RoomSource;
  readonly #line: SearchLine;
  readonly #histories = new Histories();
  /** The stamps of the worker's copies. */
  readonly #sent = new Map<FileId, number>();
  /** Files to be looked at again. */
  readonly #stale = new Set<FileId>();
  /** Taken out of the results by hand. A place without a position stands for its whole file. */
  #dismissed: readonly Place[] = [];
  #files: ReadonlyMap<FileId, FileEntry>;
  /** The number of the search, of the one that the worker was last asked for, and of the one that is shown. */
  #number = 0;
  #searched = 0;
  #shown = 0;
  #seen = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: RoomSource, open: SearchLineOptions['open']) {
    this.#source = source;
    this.#line = new SearchLine({
      open,
      hear: (message) => this.#hear(message),
      lost: (why) => this.#lost(why),
    });
    this.#files = source.view().room.files;
  }

  /** Follows the room until the function that it returns is called. That also ends the worker. */
  follow(): () => void {
    const stop = [
      this.#source.onTexts((change) => this.#changed(change)),
      this.#source.subscribe(() => this.#look()),
    ];
    return () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      for (const each of stop) each();
      this.#line.close();
    };
  }

  /** Whether results are on the screen. While they are not, the search does not follow what is typed. */
  see(seen: boolean): void {
    this.#seen = seen;
    if (seen && this.#stale.size > 0) this.#later(false);
  }

  /** Looks for something else. */
  ask(change: Partial<Query>): void {
    const { query } = this.state.getState();
    this.#dismissed = [];
    this.state.setState({ query: { ...query, ...change }, problem: null, current: null });
    this.#anew();
  }

  replaceBy(replacement: string | null): void {
    if (replacement === this.state.getState().replacement) return;
    this.state.setState({ replacement });
    if (this.state.getState().problem === null) this.#anew();
  }

  choose(current: Place | null): void {
    this.state.setState({ current });
  }

  /** Takes a match, or all of a file, out of the results until something else is looked for. */
  dismiss(file: FileId, match: Match | null): void {
    const found = this.state.getState().found.get(file);
    if (found === undefined) return;
    this.#dismissed = [...this.#dismissed, { file, stamp: found.stamp, at: match?.start ?? null }];
    this.#show([found]);
  }

  /** Where a position of a result is in the text as it is now; null: nobody knows. */
  now({ file, stamp }: Found, position: number): number | null {
    return this.#histories.carry(file, stamp, position);
  }

  /** The chosen place in the text as it is now. */
  currentNow(): Pick<Place, 'file' | 'at'> | null {
    const { current } = this.state.getState();
    return current === null ? null : this.#renewed(current);
  }

  /**
   * What replaces all that was not dismissed in a file, for its text as it is when this resolves; null when there is no
   * answer.
   */
  async edits(file: FileId): Promise<Edits | null> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { query, replacement } = this.state.getState();
      this.#send([file]);
      const reply = await this.#line.edits(file, query, replacement ?? '');
      if (reply === null) return null;
      if (reply.stamp !== this.#histories.stamp(file)) continue;
      if (!reply.result.ok) return reply.result;
      const gone = this.#dismissedIn(file);
      return { ok: true, edits: reply.result.edits.filter(({ at }) => !gone.has(at) && !gone.has(null)) };
    }
    return null;
  }

  #changed({ file, op }: TextChange): void {
    this.#histories.changed(file, op);
    this.#stale.add(file);
    this.#later(false);
  }

  /** Takes in which files the room has. */
  #look(): void {
    const { files } = this.#source.view().room;
    if (files === this.#files) return;
    const before = this.#files;
    this.#files = files;
    for (const { id, path } of files.values()) if (before.get(id)?.path !== path) this.#stale.add(id);
    const gone = [...before.keys()].filter((file) => !files.has(file));
    for (const file of gone) this.#histories.changed(file, null);
    const { found } = this.state.getState();
    if (gone.some((file) => found.has(file)))
      this.state.setState({ found: new Map([...found].filter(([file]) => files.has(file))) });
    if (this.#stale.size > 0) this.#later(false);
  }

  #anew(): void {
    const { query } = this.state.getState();
    this.#number++;
    this.state.setState(query.text === '' ? { found: new Map(), going: false } : { going: true });
    this.#later(true);
  }

  /** Goes on in a while. A query that is being typed waits for the end of it, and texts for nobody. */
  #later(typed: boolean): void {
    if (!typed && (!this.#seen || this.#timer !== undefined)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#begin();
    }, PAUSE_MS);
  }

  /** Searches what is to be searched: all files for a new query, else those that have changed. */
  #begin(): void {
    const { query, replacement, problem } = this.state.getState();
    if (query.text === '' || problem !== null) return;
    const isNew = this.#searched !== this.#number;
    const files = sortedFiles(this.#files).filter(
      ({ id, blob }) => blob === null && (isNew || this.#stale.has(id)),
    );
    this.#searched = this.#number;
    this.#stale.clear();
    this.#send(files.map(({ id }) => id));
    this.#line.search({
      search: this.#number,
      query,
      replacement,
      files: files.map(({ id, path }) => ({ file: id, path })),
    });
  }

  /** Gives the worker the newest texts of files. */
  #send(files: readonly FileId[]): void {
    if (!this.#line.isOpen) this.#sent.clear();
    const copies = files.flatMap((file) => {
      const stamp = this.#histories.stamp(file);
      if (this.#sent.get(file) === stamp) return [];
      this.#sent.set(file, stamp);
      return [{ file, stamp, text: this.#source.text(file) ?? '' }];
    });
    this.#line.copies(copies);
  }

  #hear(message: Exclude<FromWorker, { kind: 'ready' | 'edits' }>): void {
    if (message.search !== this.#number) return;
    if (message.kind === 'found') this.#show(message.found);
    else if (message.kind === 'done') this.state.setState({ going: false });
    else this.state.setState({ going: false, problem: message.problem, found: new Map() });
  }

  #lost(why: keyof typeof LOST): void {
    this.#searched = 0;
    this.state.setState({ going: false, problem: LOST[why], found: new Map() });
  }

  /** Shows what was found in some files, in the place of what was found there before. */
  #show(some: readonly Found[]): void {
    const before = this.state.getState();
    const found = new Map(this.#shown === this.#number ? before.found : []);
    this.#shown = this.#number;
    for (const one of some) {
      const rest = this.#files.has(one.file) ? this.#withoutDismissed(one) : null;
      if (rest === null || rest.count === 0) found.delete(one.file);
      else found.set(one.file, rest);
    }
    this.#dismissed = this.#dismissed.map((place) => this.#renewed(place));
    const current = before.current === null ? null : this.#renewed(before.current);
    for (const { file, stamp } of some) this.#histories.forget(file, stamp);
    this.state.setState({ found, current });
  }

  #withoutDismissed(one: Found): Found {
    const gone = this.#dismissedIn(one.file);
    if (gone.size === 0) return one;
    if (gone.has(null)) return { ...one, count: 0, matches: [] };
    const matches = one.matches.filter(({ start }) => !gone.has(this.now(one, start)));
    return { ...one, count: one.count - (one.matches.length - matches.length), matches };
  }

  /** Positions in the newest text; null: all of it. What has been lost track of is not dismissed any more. */
  #dismissedIn(file: FileId): ReadonlySet<number | null> {
    const places = this.#dismissed.filter((place) => place.file === file);
    return new Set(
      places.flatMap(({ stamp, at }) => {
        if (at === null) return [null];
        const now = this.#histories.carry(file, stamp, at);
        return now === null ? [] : [now];
      }),
    );
  }

  /** The same place in the newest text. */
  #renewed({ file, stamp, at }: Place): Place {
    const now = at === null ? null : this.#histories.carry(file, stamp, at);
    return { file, stamp: this.#histories.stamp(file), at: now ?? (at === null ? null : -1) };
  }
}
