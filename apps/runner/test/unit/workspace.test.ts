/** One workspace, whose sandbox is played by the test, and the book of all. */
import {
  type TerminalCommand,
  WORKSPACE_LIMITS,
  type WorkspaceEvent,
  type WorkspaceOpen,
} from '@codesync/protocol';
import { ManualClock, settle, workspaceId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { FROM_TERMINAL, TO_TERMINAL } from '../../src/frames.ts';
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
  const sandbox: Sandbox = {
    send: (type, payload = '', channel) =>
      sent.push(`${type}${channel} ${Buffer.from(payload).toString('hex')}`.trim()),
    listen: (to) => {
      listener = to;
    },
    ranOutOfMemory: () => Promise.resolve(ranOut),
    destroy: () => Promise.resolve(),
  };
  const workspace = new Workspace(ID, {
    emit: (event) => events.push(event),
    acquire: () => ({ cancel: () => cancelled++ }),
    release: (one) => released.push(one),
    log: () => {},
    clock,
  });
  workspace.begin();
  const base = { workspace: ID, terminal: 1 };
  const frame = (type: string, payload: string, channel = 1) =>
    listener?.frame({ channel, type, payload: Buffer.from(payload) });
  return {
    workspace,
    clock,
    events,
    sent,
    released,
    sandbox,
    cancelled: () => cancelled,
    frame,
    end: (channel = 1) =>
      frame(FROM_TERMINAL.ended, JSON.stringify({ code: 3, signal: '', message: '' }), channel),
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

const ended = (reason: string) => expect.objectContaining({ type: 'workspace.ended', reason });
const terminalEnded = (terminal: number, end: object = { exitCode: null, signal: null }) => ({
  type: 'terminal.ended',
  workspace: ID,
  terminal,
  ...end,
});

describe('a workspace', () => {
  test('numbers the output of each terminal from its first byte, without a gap', () => {
    const { workspace, sandbox, open, frame, events } = setUp();
    workspace.given(sandbox);
    open(1);
    open(2);
    frame(FROM_TERMINAL.output, 'ab');
    frame(FROM_TERMINAL.output, 'é', 2);
    frame(FROM_TERMINAL.output, 'c');
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

  test('hands what is said to a terminal to its channel', () => {
    const { workspace, sandbox, open, say, input, sent } = setUp();
    workspace.given(sandbox);
    open();
    say(input('hi'));
    say({ type: 'terminal.resize', cols: 500, rows: 300 });
    say({ type: 'terminal.read', upTo: 2 ** 33 });
    say({ ...input('nobody'), terminal: 2 });
    expect(sent).toEqual(['T1 00500018', 'I1 6869', 'W1 01f4012c', 'A1 0000000200000000']);
  });

  test('opens the terminals that came before it was ready, with their last size and their input', () => {
    const { workspace, sandbox, open, say, input, sent, events } = setUp();
    open();
    open(2);
    say({ type: 'terminal.resize', cols: 100, rows: 30 });
    say({ type: 'terminal.read', upTo: 1 });
    say(input('h'));
    say(input('i'));
    say(input('x'.repeat(WORKSPACE_LIMITS.inputBytes)));
    say({ type: 'terminal.close', terminal: 2 });
    expect(sent).toEqual([]);
    workspace.waiting(2);
    workspace.given(sandbox);
    expect(sent).toEqual([`${TO_TERMINAL.open}1 0064001e`, `${TO_TERMINAL.input}1 6869`]);
    const queued = { type: 'workspace.phase', workspace: ID, phase: 'queued', position: 2 };
    expect(events).toEqual([terminalEnded(2), queued, READY]);
  });

  test('tells the end of a terminal, after which its number may be used again', () => {
    const { workspace, sandbox, open, end, events } = setUp();
    workspace.given(sandbox);
    expect([open(), open()]).toEqual([true, false]);
    end();
    expect(open()).toBe(true);
    expect(events).toEqual([READY, terminalEnded(1, { exitCode: 3, signal: null })]);
  });

  test('takes a terminal beyond the limit, and ends it with a sentence', () => {
    const { workspace, sandbox, open, events } = setUp();
    workspace.given(sandbox);
    for (let terminal = 1; terminal <= WORKSPACE_LIMITS.terminals + 1; terminal++) open(terminal);
    expect(events.slice(1)).toEqual([
      {
        ...terminalEnded(WORKSPACE_LIMITS.terminals + 1),
        message: expect.stringMatching(/^A workspace .*\.$/),
      },
    ]);
  });

  test('ends once, its terminals before it, and gives its sandbox back', async () => {
    const { workspace, sandbox, open, lose, end, events, released, sent } = setUp();
    workspace.given(sandbox);
    open();
    open(7);
    workspace.close();
    workspace.close();
    workspace.abandon('It stops.');
    end();
    await lose();
    expect(events).toEqual([READY, terminalEnded(1), terminalEnded(7), ended('closed')]);
    expect(released).toEqual([sandbox]);
    expect(open(8)).toBe(true);
    expect(sent.length).toBe(2);
  });

  test.each([
    ['is lost with its sandbox', false, 'lost'],
    ['says so when memory took the sandbox', true, 'memory'],
  ])('%s', async (_, outOfMemory, reason) => {
    const { workspace, sandbox, open, lose, events, released } = setUp();
    workspace.given(sandbox);
    open();
    await lose(outOfMemory);
    expect(events.slice(1)).toEqual([terminalEnded(1), ended(reason)]);
    expect(released).toEqual([sandbox]);
  });

  test.each([
    ['on a channel that nobody has', 'O', 'x', 5],
    ['of a type that no terminal has', 'R', '', 1],
    ['with an end that is none', 'Z', '{"code":256}', 1],
  ])('is lost with an agent that sends a frame %s', (_, type, payload, channel) => {
    const { workspace, sandbox, open, frame, events } = setUp();
    workspace.given(sandbox);
    open();
    frame(type, payload, channel);
    expect(events.at(-1)).toEqual(ended('lost'));
  });

  test('is lost when a terminal does not end that was told to', () => {
    const { workspace, sandbox, open, say, end, events, sent, clock } = setUp();
    workspace.given(sandbox);
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
    expect(events.slice(2)).toEqual([terminalEnded(1), ended('lost')]);
  });

  test('that is closed while it waits leaves the queue, and a sandbox that comes all the same goes back', () => {
    const { workspace, sandbox, events, released, cancelled } = setUp();
    workspace.close();
    workspace.given(sandbox);
    expect([events, cancelled(), released]).toEqual([[ended('closed')], 1, [sandbox]]);
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
