// What every keeper of workspaces promises. Run on each implementation.
import type { FilesChange, ShellEnd, WorkspaceId } from '@codesync/protocol';
import { roomId, Watch, workspaceId } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import type { DiskCommand, DiskEvent, WorkspaceListener, Workspaces } from '../../src/ports.ts';

const SIZE = { cols: 80, rows: 24 };

type Answer = Exclude<DiskEvent, { type: 'files.changed' }>;

type Without<Message, Key extends PropertyKey> = Message extends unknown ? Omit<Message, Key> : never;
type Order = Without<Exclude<DiskCommand, { type: 'files.seen' }>, 'n'>;

/** A workspace as whoever opened it hears of it. */
class Heard implements WorkspaceListener {
  readonly id: WorkspaceId;
  readonly texts = new Map<number, string>();
  readonly ends = new Map<number, ShellEnd>();
  readonly messages: string[] = [];
  /** In the order in which they came. */
  readonly answers: Answer[] = [];
  readonly changes: FilesChange[] = [];
  ready = false;
  readonly #begins: boolean;
  readonly #workspaces: Workspaces;
  #asked = 0;
  readonly #bytes = new Map<number, number>();
  readonly #watch = new Watch();

  constructor(id: WorkspaceId, workspaces: Workspaces, begins: boolean) {
    this.id = id;
    this.#workspaces = workspaces;
    this.#begins = begins;
  }

  readonly phase: WorkspaceListener['phase'] = ({ kind }) => {
    this.ready = kind === 'ready';
    if (this.ready && this.#begins) this.#workspaces.begin(this.id);
    this.#watch.changed();
  };

  readonly files: WorkspaceListener['files'] = (event) => {
    expect(this.ready, 'of files before it is ready').toBe(true);
    expect(this.messages, 'of files after the end').toEqual([]);
    if (event.type === 'files.changed') {
      this.changes.push(...event.changes);
      this.#workspaces.files(this.id, { type: 'files.seen', batch: event.batch });
    } else {
      this.answers.push(event);
      expect(event.n, 'the order of answers').toBe(this.answers.length);
    }
    this.#watch.changed();
  };

  readonly output: WorkspaceListener['output'] = (terminal, from, bytes) => {
    expect(this.messages, 'output after the end').toEqual([]);
    expect(this.ends.has(terminal), 'output after the end of its terminal').toBe(false);
    expect(from).toBe(this.#bytes.get(terminal) ?? 0);
    this.#bytes.set(terminal, from + bytes.length);
    this.texts.set(terminal, (this.texts.get(terminal) ?? '') + Buffer.from(bytes).toString());
    this.#watch.changed();
  };

  readonly memoryFull: WorkspaceListener['memoryFull'] = () => {};

  readonly terminalEnded: WorkspaceListener['terminalEnded'] = (terminal, end) => {
    expect(this.ends.has(terminal), 'a second end').toBe(false);
    this.ends.set(terminal, end);
    this.#watch.changed();
  };

  readonly ended: WorkspaceListener['ended'] = (message) => {
    this.messages.push(message);
    this.#watch.changed();
  };

  until(condition: () => boolean): Promise<void> {
    return this.#watch.until(condition);
  }

  /** What the disk answers. */
  async asked(order: Order): Promise<Answer> {
    const n = ++this.#asked;
    this.#workspaces.files(this.id, { ...order, n });
    await this.until(() => this.answers.length >= n);
    return this.answers[n - 1]!;
  }

  /** The revision that a file has after it was written; makes the file unless `over` is there. */
  async wrote(path: string, text: string, over = 0): Promise<number> {
    const answer = await this.asked({ type: 'files.write', path, over, at: 0, remove: 0, text });
    if (answer.type !== 'files.done') throw new Error(JSON.stringify(answer));
    return answer.revision;
  }

  /** The first such change of the kind, once it is told. */
  async untilChange<Kind extends FilesChange['kind'], Change = Extract<FilesChange, { kind: Kind }>>(
    kind: Kind,
    such: (change: Change) => boolean = () => true,
  ): Promise<Change> {
    const isOne = (change: FilesChange): change is FilesChange & Change =>
      change.kind === kind && such(change as Change);
    await this.until(() => this.changes.some(isOne));
    return this.changes.find(isOne)!;
  }

  untilText(terminal: number, text: string): Promise<void> {
    return this.until(() => this.texts.get(terminal)?.includes(text) ?? false);
  }
}

export function workspacesContract(name: string, workspaces: () => Workspaces): void {
  let count = 0;
  const open = ({ begins = true } = {}): Heard => {
    const id = workspaceId(`contract-${++count}-${name.replace(/\W/g, '-')}`.slice(0, 22));
    const heard = new Heard(id, workspaces(), begins);
    const request = { workspace: heard.id, room: roomId('the-room-of-a-contract'), network: '203.0.113.1' };
    workspaces().open(request, heard);
    return heard;
  };
  const type = (heard: Heard, terminal: number, text: string) =>
    workspaces().type(heard.id, terminal, Buffer.from(text));

  test(`workspaces ${name}: a shell shows a prompt, what is typed, and its end with its code, once`, async () => {
    const heard = open();
    workspaces().openTerminal(heard.id, 1, SIZE);
    await heard.untilText(1, '$ ');
    expect(heard.ready).toBe(true);
    type(heard, 1, 'exit 3\r');
    await heard.until(() => heard.ends.has(1));
    expect(heard.texts.get(1)).toContain('exit 3');
    expect(heard.ends.get(1)).toEqual({ exitCode: 3, signal: null });
    type(heard, 1, 'too late');
    workspaces().close(heard.id);
    await heard.until(() => heard.messages.length > 0);
    expect(heard.messages).toHaveLength(1);
  });

  test(`workspaces ${name}: terminals keep apart, and end before their workspace does`, async () => {
    const heard = open();
    for (const terminal of [7, 9]) workspaces().openTerminal(heard.id, terminal, SIZE);
    for (const terminal of [7, 9]) await heard.untilText(terminal, '$ ');
    type(heard, 7, 'seven');
    type(heard, 9, 'nine');
    await heard.untilText(7, 'seven');
    await heard.untilText(9, 'nine');
    expect(heard.texts.get(7)).not.toContain('nine');
    workspaces().closeTerminal(heard.id, 7);
    await heard.until(() => heard.ends.has(7));
    expect(heard.ends.has(9)).toBe(false);
    workspaces().close(heard.id);
    await heard.until(() => heard.messages.length > 0);
    expect([...heard.ends.keys()]).toEqual([7, 9]);
    expect(heard.messages[0]).toMatch(/^[A-Z].*\.$/);
  });

  test(`workspaces ${name}: what is unknown or over is left alone`, async () => {
    const nobody = workspaceId('contract-nobody');
    workspaces().openTerminal(nobody, 1, SIZE);
    workspaces().type(nobody, 1, Buffer.from('x'));
    workspaces().resize(nobody, 1, SIZE);
    workspaces().read(nobody, 1, 5);
    workspaces().closeTerminal(nobody, 1);
    workspaces().begin(nobody);
    workspaces().files(nobody, { type: 'files.read', n: 1, path: 'a' });
    workspaces().close(nobody);
    const heard = open();
    workspaces().close(heard.id);
    workspaces().close(heard.id);
    await heard.until(() => heard.messages.length > 0);
    const after = open();
    workspaces().openTerminal(after.id, 1, SIZE);
    await after.untilText(1, '$ ');
    expect(heard.messages).toHaveLength(1);
    workspaces().close(after.id);
  });

  /** Open, with a terminal whose shell waits for a command. */
  const prompted = async (): Promise<Heard> => {
    const heard = open();
    workspaces().openTerminal(heard.id, 1, SIZE);
    await heard.untilText(1, '$ ');
    return heard;
  };
  const closed = async (heard: Heard): Promise<void> => {
    workspaces().close(heard.id);
    await heard.until(() => heard.messages.length > 0);
  };

  test(`workspaces ${name}: no shell starts before the files are there, and what it was told waits`, async () => {
    const heard = open({ begins: false });
    workspaces().openTerminal(heard.id, 1, SIZE);
    type(heard, 1, 'cat lib/a.txt\r');
    await heard.until(() => heard.ready);
    await heard.wrote('lib/a.txt', 'brought\n');
    expect(heard.texts.size).toBe(0);
    workspaces().begin(heard.id);
    await heard.untilText(1, 'brought');
    await closed(heard);
  });

  test(`workspaces ${name}: a file is written, read, written over and removed, each at its revision`, async () => {
    const heard = await prompted();
    const first = await heard.wrote('lib/a.txt', 'één\n');
    const second = await heard.asked({
      type: 'files.write',
      path: 'lib/a.txt',
      over: first,
      at: 2,
      remove: 3,
      text: 'x',
    });
    expect(second).toMatchObject({ type: 'files.done', revision: expect.any(Number) });
    const read = await heard.asked({ type: 'files.read', path: 'lib/a.txt' });
    const { revision } = second as Extract<Answer, { type: 'files.done' }>;
    expect(read).toMatchObject({ type: 'files.text', text: 'éx\n', revision });
    expect(revision).not.toBe(first);
    const stale = { type: 'files.refused', reason: 'stale' };
    const remove = (over: number) => heard.asked({ type: 'files.remove', path: 'lib/a.txt', over });
    expect(await remove(first)).toMatchObject(stale);
    const again = { type: 'files.write', path: 'lib/a.txt', over: 0, at: 0, remove: 0, text: '' } as const;
    expect(await heard.asked(again)).toMatchObject(stale);
    expect(await remove(revision)).toMatchObject({ type: 'files.done', revision: 0 });
    expect(await heard.asked({ type: 'files.read', path: 'lib/a.txt' })).toMatchObject({ reason: 'missing' });
    expect(heard.changes).toEqual([]);
    await closed(heard);
  });

  test(`workspaces ${name}: folders are made, moved with all in them, and removed when empty`, async () => {
    const heard = await prompted();
    const revision = await heard.wrote('a/b/c.txt', 'c');
    const done = { type: 'files.done', revision: 0 };
    const blocked = { type: 'files.refused', reason: 'blocked' };
    const folder = (path: string) => heard.asked({ type: 'files.folder', path });
    expect([await folder('a/b'), await folder('d'), await folder('a/b/c.txt')]).toMatchObject([
      done,
      done,
      blocked,
    ]);
    const move = (from: string, to: string) => heard.asked({ type: 'files.move', from, to });
    expect([await move('a', 'd'), await move('e', 'f'), await move('a', 'e/f')]).toMatchObject([
      blocked,
      { type: 'files.refused', reason: 'stale' },
      done,
    ]);
    const read = await heard.asked({ type: 'files.read', path: 'e/f/b/c.txt' });
    expect(read).toMatchObject({ text: 'c', revision });
    const removeFolder = (path: string) => heard.asked({ type: 'files.removeFolder', path });
    expect([await removeFolder('e'), await removeFolder('d'), await removeFolder('d')]).toMatchObject([
      blocked,
      done,
      done,
    ]);
    expect(heard.changes).toEqual([]);
    await closed(heard);
  });

  test(`workspaces ${name}: what a program changes is told, with revisions that a write must name`, async () => {
    const heard = await prompted();
    const first = await heard.wrote('a.txt', 'server\n');
    type(heard, 1, 'echo program > a.txt\r');
    // A shell makes the file empty first, which may be told of.
    const change = await heard.untilChange('file', ({ size }) => size > 0);
    expect(change).toMatchObject({ path: 'a.txt', size: 8 });
    expect(change.revision).not.toBe(first);
    const write = (over: number) =>
      heard.asked({ type: 'files.write', path: 'a.txt', over, at: 0, remove: 7, text: 'both' });
    expect(await write(first)).toMatchObject({ type: 'files.refused', reason: 'stale' });
    expect(await write(change.revision)).toMatchObject({ type: 'files.done' });
    expect(await heard.asked({ type: 'files.read', path: 'a.txt' })).toMatchObject({ text: 'both\n' });
    await closed(heard);
  });

  test(`workspaces ${name}: a move and a removal by a program are told as such, and ignored folders are not`, async () => {
    const heard = await prompted();
    const revision = await heard.wrote('a/b.txt', 'b');
    type(heard, 1, 'mkdir node_modules\recho x > node_modules/x\rmv a c\r');
    expect(await heard.untilChange('moved')).toEqual({ kind: 'moved', from: 'a', to: 'c' });
    expect(await heard.asked({ type: 'files.read', path: 'c/b.txt' })).toMatchObject({ text: 'b', revision });
    type(heard, 1, 'rm c/b.txt\r');
    expect(await heard.untilChange('gone')).toEqual({ kind: 'gone', path: 'c/b.txt' });
    type(heard, 1, 'mkdir d\r');
    expect(await heard.untilChange('folder')).toEqual({ kind: 'folder', path: 'd' });
    expect(heard.changes).toHaveLength(3);
    await closed(heard);
  });
}
