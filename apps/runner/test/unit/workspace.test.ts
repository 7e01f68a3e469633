/** One workspace, whose sandbox is played by the test, and the book of all. */
import {
  type FilesCommand,
  type FilesEvent,
  LIMITS,
  type TerminalCommand,
  WORKSPACE_LIMITS,
  type WorkspaceEvent,
  type WorkspaceOpen,
} from '@codesync/protocol';
import { ManualClock, settle, workspaceId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { FILES_CHANNEL, FROM_FILES, FROM_TERMINAL, TO_FILES, TO_TERMINAL } from '../../src/frames.ts';
import { TERMINAL_BACKSTOP_MS } from '../../src/limits.ts';
import { Pool } from '../../src/pool.ts';
import type { PoolKey } from '../../src/profiles.ts';
import type { Sandbox } from '../../src/sandbox.ts';
import { Workspace } from '../../src/workspace.ts';
import { Workspaces } from '../../src/workspaces.ts';

const ID = workspaceId('workspace-1');
const READY = { type: 'workspace.phase', workspace: ID, phase: 'ready' };
const SIZE = { cols: 80, rows: 24 };

function setUp() {
  const clock = new ManualClock();
  const events: WorkspaceEvent[] = [];
  /** Type, channel and payload in hexadecimal digits. */
  const sent: string[] = [];
  const released: Sandbox[] = [];
  let listener: Parameters<Sandbox['listen']>[0] | null = null;
  let cancelled = 0;
  let ranOut = false;
  let killForMemory = () => {};
  const sandbox: Sandbox = {
    send: (type, payload = '', channel) =>
      sent.push(`${type}${channel} ${Buffer.from(payload).toString('hex')}`.trim()),
    listen: (to) => {
      listener = to;
    },
    ranOutOfMemory: () => Promise.resolve(ranOut),
    onMemoryKill: (heard) => {
      killForMemory = heard;
    },
    destroy: () => Promise.resolve(),
  };
  const workspace = new Workspace(ID, {
    emit: (event) => events.push(event),
    acquire: () => ({ cancel: () => cancelled++ }),
    release: (one) => released.push(one),
    log: () => {},
    clock,
  });
  workspace.claim();
  const base = { workspace: ID, terminal: 1 };
  const frame = (type: string, payload: string | Buffer, channel = 1) =>
    listener?.frame({ channel, type, payload: typeof payload === 'string' ? Buffer.from(payload) : payload });
  return {
    workspace,
    clock,
    events,
    sent,
    released,
    sandbox,
    cancelled: () => cancelled,
    /** Its sandbox is there, and the server lets terminals start. */
    start: () => {
      workspace.given(sandbox);
      workspace.begin();
    },
    files: (command: Partial<FilesCommand> & { type: FilesCommand['type'] }) =>
      workspace.files({ n: 1, path: 'a', ...command, workspace: ID } as FilesCommand),
    /** The agent says something of files. */
    tell: (event: object) => frame(FROM_FILES.event, JSON.stringify(event), FILES_CHANNEL),
    frame,
    end: (channel = 1) =>
      frame(FROM_TERMINAL.ended, JSON.stringify({ code: 3, signal: '', message: '' }), channel),
    killForMemory: () => killForMemory(),
    lose: async (outOfMemory = false) => {
      ranOut = outOfMemory;
      listener?.closed('gone');
      await settle();
    },
    open: (terminal = 1) =>
      workspace.openTerminal({ type: 'terminal.open', workspace: ID, terminal, ...SIZE }),
    say: (command: Partial<TerminalCommand> & { type: TerminalCommand['type'] }) =>
      workspace.command({ ...base, ...command } as TerminalCommand),
    input: (text: string) =>
      ({ type: 'terminal.input', bytes: Buffer.from(text).toString('base64') }) as const,
  };
}

/** As the agent sends it. */
function outputOf(text: string, taken = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeBigUInt64BE(BigInt(taken));
  return Buffer.concat([head, Buffer.from(text)]);
}

const ended = (reason: string) => expect.objectContaining({ type: 'workspace.ended', reason });
const terminalEnded = (terminal: number, end: object = { exitCode: null, signal: null }) => ({
  type: 'terminal.ended',
  workspace: ID,
  terminal,
  ...end,
});

/** The end of one whose workspace ends. */
const taken = (terminal: number) =>
  terminalEnded(terminal, {
    exitCode: null,
    signal: null,
    message: expect.stringMatching(/^The workspace .*\.$/),
  });

describe('a workspace', () => {
  test('numbers the output of each terminal from its first byte, without a gap', () => {
    const { start, open, frame, events } = setUp();
    start();
    open(1);
    open(2);
    frame(FROM_TERMINAL.output, outputOf('ab'));
    frame(FROM_TERMINAL.output, outputOf('é'), 2);
    frame(FROM_TERMINAL.output, outputOf('c'));
    const output = events.flatMap((event) =>
      event.type === 'terminal.output'
        ? [[event.terminal, event.from, Buffer.from(event.bytes, 'base64').toString()]]
        : [],
    );
    expect(output).toEqual([
      [1, 0, 'ab'],
      [2, 0, 'é'],
      [1, 2, 'c'],
    ]);
  });

  test('tells how much of the input is taken: of all that was said, and no more than that', () => {
    const { start, open, frame, say, input, events } = setUp();
    open();
    say(input('ls'));
    say(input('x'.repeat(WORKSPACE_LIMITS.inputBytes)));
    start();
    say(input('abc'));
    for (const taken of [0, 2, 5, Number.MAX_SAFE_INTEGER]) {
      frame(FROM_TERMINAL.output, outputOf('', taken));
    }
    const dropped = WORKSPACE_LIMITS.inputBytes;
    const taken = events.flatMap((event) => (event.type === 'terminal.output' ? [event.taken] : []));
    expect(taken).toEqual([dropped, dropped + 2, dropped + 5, dropped + 5]);
  });

  test('hands what is said to a terminal to its channel', () => {
    const { start, open, say, input, sent } = setUp();
    start();
    open();
    say(input('hi'));
    say({ type: 'terminal.resize', cols: 500, rows: 300 });
    say({ type: 'terminal.read', upTo: 2 ** 33 });
    say({ ...input('nobody'), terminal: 2 });
    expect(sent).toEqual(['T1 00500018', 'I1 6869', 'W1 01f4012c', 'A1 0000000200000000']);
  });

  test('starts the terminals that came before it was begun, with their last size and their input', () => {
    const { workspace, sandbox, open, say, input, sent, events } = setUp();
    open();
    open(2);
    say({ type: 'terminal.resize', cols: 100, rows: 30 });
    say({ type: 'terminal.read', upTo: 1 });
    say(input('h'));
    workspace.begin();
    workspace.waiting(2);
    workspace.given(sandbox);
    say(input('i'));
    say(input('x'.repeat(WORKSPACE_LIMITS.inputBytes)));
    say({ type: 'terminal.close', terminal: 2 });
    expect(sent).toEqual([]);
    workspace.begin();
    workspace.begin();
    expect(sent).toEqual([`${TO_TERMINAL.open}1 0064001e`, `${TO_TERMINAL.input}1 6869`]);
    const queued = { type: 'workspace.phase', workspace: ID, phase: 'queued', position: 2 };
    expect(events).toEqual([queued, READY, terminalEnded(2)]);
  });

  test('tells the end of a terminal, after which its number may be used again', () => {
    const { start, open, end, events } = setUp();
    start();
    expect([open(), open()]).toEqual([true, false]);
    end();
    expect(open()).toBe(true);
    expect(events).toEqual([READY, terminalEnded(1, { exitCode: 3, signal: null })]);
  });

  test('takes a terminal beyond the limit, and ends it with a sentence', () => {
    const { start, open, events } = setUp();
    start();
    for (let terminal = 1; terminal <= WORKSPACE_LIMITS.terminals + 1; terminal++) open(terminal);
    expect(events.slice(1)).toEqual([
      {
        ...terminalEnded(WORKSPACE_LIMITS.terminals + 1),
        message: expect.stringMatching(/^A workspace .*\.$/),
      },
    ]);
  });

  test('ends once, its terminals before it, and gives its sandbox back', async () => {
    const { start, workspace, sandbox, open, lose, end, events, released, sent } = setUp();
    start();
    open();
    open(7);
    workspace.close();
    workspace.close();
    workspace.abandon('It stops.');
    end();
    await lose();
    expect(events).toEqual([READY, taken(1), taken(7), ended('closed')]);
    expect(released).toEqual([sandbox]);
    expect(open(8)).toBe(true);
    expect(sent.length).toBe(2);
  });

  test.each([
    ['is lost with its sandbox', false, 'lost'],
    ['says so when memory took the sandbox', true, 'memory'],
  ])('%s', async (_, outOfMemory, reason) => {
    const { start, sandbox, open, lose, events, released } = setUp();
    start();
    open();
    await lose(outOfMemory);
    expect(events.slice(1)).toEqual([taken(1), ended(reason)]);
    expect(released).toEqual([sandbox]);
  });

  test('says when a program was ended for want of memory, now and then, and not after the end', async () => {
    const { start, killForMemory, clock, lose, events } = setUp();
    start();
    for (let i = 0; i < 3; i++) killForMemory();
    clock.advance(10_000);
    killForMemory();
    await lose();
    clock.advance(10_000);
    killForMemory();
    const told = {
      type: 'workspace.memory',
      workspace: ID,
      message: expect.stringMatching(/1024 MiB .*\.$/),
    };
    expect(events).toEqual([READY, told, told, ended('lost')]);
  });

  test.each([
    ['on a channel that nobody has', 'O', outputOf('x'), 5],
    ['without a word on what is taken', 'O', '1234567', 1],
    ['of a type that no terminal has', 'R', '', 1],
    ['with an end that is none', 'Z', '{"code":256}', 1],
  ])('is lost with an agent that sends a frame %s', (_, type, payload, channel) => {
    const { start, open, frame, events } = setUp();
    start();
    open();
    frame(type, payload, channel);
    expect(events.at(-1)).toEqual(ended('lost'));
  });

  test('is lost when a terminal does not end that was told to', () => {
    const { start, open, say, end, events, sent, clock } = setUp();
    start();
    open();
    open(2);
    say({ type: 'terminal.close' });
    say({ type: 'terminal.close' });
    say({ type: 'terminal.close', terminal: 2 });
    expect(sent.slice(2)).toEqual(['H1', 'H2']);
    end(2);
    clock.advance(TERMINAL_BACKSTOP_MS - 1);
    expect(events.at(-1)).toMatchObject({ type: 'terminal.ended', terminal: 2 });
    clock.advance(1);
    expect(events.slice(2)).toEqual([taken(1), ended('lost')]);
  });

  test('that is closed while it waits leaves the queue, and a sandbox that comes all the same goes back', () => {
    const { workspace, sandbox, events, released, cancelled } = setUp();
    workspace.close();
    workspace.given(sandbox);
    expect([events, cancelled(), released]).toEqual([[ended('closed')], 1, [sandbox]]);
  });
});

const WRITE = { type: 'files.write', over: 0, at: 0, remove: 0, text: 'x' } as const;
const CHANGES = [{ kind: 'gone', path: 'a' }];

describe('the files of a workspace', () => {
  test('are spoken of with the agent between its being ready and its end, before terminals start too', () => {
    const { workspace, sandbox, files, tell, sent, events, released } = setUp();
    files(WRITE);
    workspace.given(sandbox);
    files({ ...WRITE, n: 2 });
    const { workspace: _, ...told } = { ...WRITE, n: 2, path: 'a', workspace: ID };
    expect(sent.map((frame) => frame.split(' ')[0])).toEqual([`${TO_FILES.command}${FILES_CHANNEL}`]);
    expect(JSON.parse(Buffer.from(sent[0]!.split(' ')[1]!, 'hex').toString())).toEqual(told);
    tell({ type: 'files.done', n: 2, revision: 7, workspace: 'another' });
    expect(events.slice(1)).toEqual([{ type: 'files.done', workspace: ID, n: 2, revision: 7 }]);
    workspace.close();
    files(WRITE);
    tell({ type: 'files.changed', batch: 1, changes: CHANGES });
    expect([sent.length, events.at(-1), released]).toEqual([1, ended('closed'), [sandbox]]);
  });

  test('are told of in the order of the agent, a batch of changes after the one that was seen', () => {
    const { start, files, tell, events } = setUp();
    start();
    files(WRITE);
    files({ type: 'files.read', n: 2 });
    files({ type: 'files.remove', over: 3, n: 3 });
    const said: object[] = [
      { type: 'files.changed', batch: 4, changes: CHANGES },
      { type: 'files.done', n: 1, revision: 2 },
      { type: 'files.text', n: 2, revision: 2, base: 0, text: 'x' },
    ];
    for (const event of said) tell(event);
    files({ type: 'files.seen', batch: 4 });
    tell({ type: 'files.changed', batch: 5, changes: CHANGES });
    tell({ type: 'files.refused', n: 3, reason: 'stale', detail: 'gone' });
    expect(events.slice(1).map((event) => (event as FilesEvent).type)).toEqual([
      'files.changed',
      'files.done',
      'files.text',
      'files.changed',
      'files.refused',
    ]);
  });

  test('that no room can have are refused for it', () => {
    const { start, files, tell, events } = setUp();
    start();
    files({ type: 'files.read' });
    tell({ type: 'files.text', n: 1, revision: 1, base: 0, text: 'x'.repeat(LIMITS.fileUnits + 1) });
    expect(events.at(-1)).toMatchObject({ type: 'files.refused', n: 1, reason: 'large' });
  });

  test.each<[string, object | string]>([
    ['something that is no JSON', '{'],
    ['nothing', 'null'],
    ['something that is no word on files', { type: 'terminal.ended', n: 1 }],
    ['a file without a revision', { type: 'files.done', n: 1 }],
    ['changes that are none', { type: 'files.changed', batch: 2, changes: [{ kind: 'file', path: '' }] }],
    ['more changes before the last were seen', { type: 'files.changed', batch: 2, changes: CHANGES }],
    ['an answer that is not the next', { type: 'files.done', n: 2, revision: 1 }],
    ['a text that nobody asked for', { type: 'files.text', n: 1, revision: 1, base: 0, text: '' }],
  ])('end it when the agent says %s', (_, said) => {
    const { start, files, tell, frame, events } = setUp();
    start();
    files(WRITE);
    files({ ...WRITE, n: 2 });
    tell({ type: 'files.changed', batch: 1, changes: CHANGES });
    if (typeof said === 'string') frame(FROM_FILES.event, said, FILES_CHANNEL);
    else tell(said);
    expect(events.at(-1)).toEqual(ended('lost'));
  });

  test.each([
    ['of another type on their channel', 'O', FILES_CHANNEL],
    ['on the channel of a terminal that has not started', 'O', 1],
  ])('end it with a frame %s', (_, type, channel) => {
    const { workspace, sandbox, open, frame, events } = setUp();
    open();
    workspace.given(sandbox);
    frame(type, 'x', channel);
    expect(events.at(-1)).toEqual(ended('lost'));
  });
});

/** Workspaces that all wait: no sandbox ever becomes ready. */
function book(unready: string | null = null) {
  const clock = new ManualClock();
  const pool = new Pool<PoolKey, Sandbox>(
    { create: () => new Promise(() => {}), destroy: () => Promise.resolve(), watch: () => {} },
    {
      warm: { python: 0, javascript: 0, go: 0, rust: 0, workspace: 1 },
      startingAtOnce: 1,
      startingForWaiting: 1,
      slots: 4,
      shares: [{ keys: ['workspace'], busy: 4 }],
    },
    clock,
    () => {},
  );
  pool.open();
  const workspaces = new Workspaces({ pool, unready: () => unready, clock, log: () => {} });
  let count = 0;
  const open = (network: string, id = `workspace-${++count}`) => {
    const heard: WorkspaceEvent[] = [];
    const command: WorkspaceOpen = {
      type: 'workspace.open',
      workspace: workspaceId(id),
      room: `room-${count}`,
      network,
    };
    return { fresh: workspaces.open(command, (event) => heard.push(event)), heard };
  };
  return { workspaces, pool, open };
}

const refused = (sentence: RegExp) =>
  expect.objectContaining({
    type: 'workspace.ended',
    reason: 'refused',
    message: expect.stringMatching(sentence),
  });

describe('the book of workspaces', () => {
  test('begins nothing under an id that is open, and knows no terminal of one that is not', () => {
    const { workspaces, open } = book();
    expect([open('one', 'w').fresh, open('one', 'w').fresh]).toEqual([true, false]);
    const terminal = { type: 'terminal.open', terminal: 1, ...SIZE } as const;
    expect(workspaces.openTerminal({ ...terminal, workspace: workspaceId('w') })).toBeNull();
    expect(workspaces.openTerminal({ ...terminal, workspace: workspaceId('w') })).toMatch(/^A terminal 1 is/);
    expect(workspaces.openTerminal({ ...terminal, workspace: workspaceId('v') })).toBeNull();
    workspaces.close(workspaceId('w'));
    expect(open('one', 'w').fresh).toBe(true);
  });

  test('lets one network wait with so many, and all together with so many more', () => {
    const { open } = book();
    const { queue, queuePerNetwork } = WORKSPACE_LIMITS;
    for (let i = 1; i <= queuePerNetwork; i++)
      expect(open('one').heard).toEqual([expect.objectContaining({ phase: 'queued', position: i })]);
    expect(open('one').heard).toEqual([refused(/your network address wait already\. Try again/)]);
    for (let i = queuePerNetwork; i < queue; i++) expect(open(`network-${i}`).heard).toHaveLength(1);
    expect(open('another').heard).toEqual([refused(/workspaces wait already\. Try again/)]);
  });

  test('refuses what cannot be had now with the reason, and ends all when the runner goes', () => {
    expect(book('Not yet.').open('one').heard).toEqual([refused(/^Not yet\.$/)]);
    const { workspaces, open } = book();
    const { heard } = open('one');
    workspaces.abandonAll('It stops.');
    expect(heard.at(-1)).toMatchObject({ type: 'workspace.ended', reason: 'lost', message: 'It stops.' });
  });
});
