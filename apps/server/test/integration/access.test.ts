// Who may do what, checked at the server whatever the page shows.
import {
  BlobHash,
  type CommandBody,
  type CommandKind,
  type FileId,
  LIMITS,
  type ParticipantId,
  refusal,
} from '@codesync/protocol';
import { commentId, configurationId, fileId, messageId, runId, terminalId } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { Person, someAddress } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

async function scene() {
  const host = await Person.named(server.address, 'Hana');
  const room = await host.createRoom();
  const links = await host.links(room);
  const hana = host.tab();
  await hana.join(room);
  const guest = async (role: 'editor' | 'viewer') => {
    const tab = (await Person.named(server.address, 'Gus')).tab();
    await tab.join(room, links[role]);
    return tab;
  };
  return { room, links, hana, guest };
}

const BLOB = BlobHash.parse('0'.repeat(64));

function everyCommand(file: FileId, participant: ParticipantId): Record<CommandKind, CommandBody> {
  const run = runId('run-that-is-not');
  const given = {
    name: 'Tests',
    entry: file,
    args: ['-v'],
    env: [],
    stdin: null,
    workFolder: 'room',
  } as const;
  const terminal = terminalId('terminal-that-is-not');
  const comment = commentId('new-comment');
  const message = messageId('message-that-is-new');
  return {
    edit: { kind: 'edit', file: file, base: 0, op: ['x'] },
    'file.create': { kind: 'file.create', file: fileId('new-file'), path: 'new.py', text: '' },
    'file.upload': { kind: 'file.upload', file: fileId('new-picture'), path: 'new.png', blob: BLOB },
    'file.replace': { kind: 'file.replace', file: file, blob: BLOB },
    'file.rename': { kind: 'file.rename', file: file, path: 'other.py' },
    'file.language': { kind: 'file.language', file: file, language: 'markdown' },
    'file.delete': { kind: 'file.delete', file: file },
    'file.restore': { kind: 'file.restore', file: file },
    'folder.create': { kind: 'folder.create', path: 'new' },
    'folder.move': { kind: 'folder.move', from: 'new', to: 'newer' },
    'folder.delete': { kind: 'folder.delete', path: 'newer' },
    'folder.restore': { kind: 'folder.restore', path: 'newer' },
    'run.start': { kind: 'run.start', entry: file },
    'run.stop': { kind: 'run.stop', run: run },
    'run.input': { kind: 'run.input', run: run, text: 'x', eof: false },
    'configuration.create': {
      kind: 'configuration.create',
      configuration: configurationId('new-configuration'),
      ...given,
    },
    'configuration.change': {
      kind: 'configuration.change',
      configuration: configurationId('new-configuration'),
      ...given,
    },
    'configuration.delete': {
      kind: 'configuration.delete',
      configuration: configurationId('new-configuration'),
    },
    'configuration.pin': { kind: 'configuration.pin', configuration: null },
    'terminal.open': { kind: 'terminal.open', terminal, name: 'Build' },
    'terminal.rename': { kind: 'terminal.rename', terminal, name: 'Tests' },
    'terminal.lock': { kind: 'terminal.lock', terminal, locked: true },
    'terminal.restart': { kind: 'terminal.restart', terminal },
    'terminal.close': { kind: 'terminal.close', terminal },
    'comment.open': { kind: 'comment.open', comment, file: file, version: 0, start: 0, end: 1, text: 'Why?' },
    'comment.reply': { kind: 'comment.reply', thread: comment, comment: commentId('new-reply'), text: 'So.' },
    'comment.edit': { kind: 'comment.edit', thread: comment, comment, text: 'Why so?' },
    'comment.resolve': { kind: 'comment.resolve', thread: comment },
    'comment.reopen': { kind: 'comment.reopen', thread: comment },
    'comment.delete': { kind: 'comment.delete', thread: comment, comment },
    'chat.send': { kind: 'chat.send', message, text: 'hello' },
    'chat.edit': { kind: 'chat.edit', message, text: 'hello again' },
    'chat.react': { kind: 'chat.react', message, reaction: '👍', on: true },
    'chat.delete': { kind: 'chat.delete', message },
    'driver.set': { kind: 'driver.set', driver: participant },
    'timer.start': { kind: 'timer.start', minutes: 15 },
    'timer.pause': { kind: 'timer.pause' },
    'timer.resume': { kind: 'timer.resume' },
    'timer.stop': { kind: 'timer.stop' },
    'member.update': { kind: 'member.update', name: 'Gustav', hue: 3 },
    'member.role': { kind: 'member.role', participant: participant, role: 'editor' },
    'member.remove': { kind: 'member.remove', participant: participant },
    'role.request': { kind: 'role.request' },
    'entry.pin': { kind: 'entry.pin', file: file },
    'workFolder.set': { kind: 'workFolder.set', folder: 'entry' },
    'room.rename': { kind: 'room.rename', name: 'Mine' },
    'room.lock': { kind: 'room.lock', locked: true },
    'link.revoke': { kind: 'link.revoke', role: 'viewer' },
  };
}

test('[INV8] a viewer is refused every command but comments, the chat and those about themself', async () => {
  const { hana, guest } = await scene();
  const viewer = await guest('viewer');
  const commands = everyCommand(hana.file(), hana.person.participant.id);
  const outcome: Record<string, string> = {};
  for (const body of Object.values(commands)) {
    const result = await viewer.ask(body);
    outcome[body.kind] = result === 'done' ? 'done' : result.code;
  }
  expect(outcome).toEqual({
    edit: 'role.viewer',
    'file.create': 'role.viewer',
    'file.upload': 'role.viewer',
    'file.replace': 'role.viewer',
    'file.rename': 'role.viewer',
    'file.language': 'role.viewer',
    'file.delete': 'role.viewer',
    'file.restore': 'role.viewer',
    'folder.create': 'role.viewer',
    'folder.move': 'role.viewer',
    'folder.delete': 'role.viewer',
    'folder.restore': 'role.viewer',
    'run.start': 'role.viewer',
    'run.stop': 'role.viewer',
    'run.input': 'role.viewer',
    'configuration.create': 'role.viewer',
    'configuration.change': 'role.viewer',
    'configuration.delete': 'role.viewer',
    'configuration.pin': 'role.viewer',
    'terminal.open': 'role.viewer',
    'terminal.rename': 'role.viewer',
    'terminal.lock': 'role.host',
    'terminal.restart': 'role.viewer',
    'terminal.close': 'role.viewer',
    'comment.open': 'done',
    'comment.reply': 'done',
    'comment.edit': 'done',
    'comment.resolve': 'done',
    'comment.reopen': 'done',
    'comment.delete': 'done',
    'chat.send': 'done',
    'chat.edit': 'done',
    'chat.react': 'done',
    'chat.delete': 'done',
    'driver.set': 'role.viewer',
    'timer.start': 'role.viewer',
    'timer.pause': 'role.viewer',
    'timer.resume': 'role.viewer',
    'timer.stop': 'role.viewer',
    'member.update': 'done',
    'member.role': 'role.host',
    'member.remove': 'role.host',
    'role.request': 'done',
    'entry.pin': 'role.viewer',
    'workFolder.set': 'role.viewer',
    'room.rename': 'role.host',
    'room.lock': 'role.host',
    'link.revoke': 'role.host',
  });
});

test('[INV8] an editor is refused what belongs to the host', async () => {
  const { hana, guest } = await scene();
  const editor = await guest('editor');
  const commands = everyCommand(hana.file(), hana.person.participant.id);
  for (const kind of ['member.role', 'member.remove', 'room.rename', 'room.lock', 'link.revoke'] as const) {
    expect(await editor.ask(commands[kind])).toMatchObject({ code: 'role.host' });
  }
  expect(await editor.ask(commands.edit)).toBe('done');
});

test('a role that is given or taken counts on the open connection', async () => {
  const { hana, guest } = await scene();
  const gus = await guest('viewer');
  const participant = gus.person.participant.id;
  const edit: CommandBody = { kind: 'edit', file: hana.file(), base: 0, op: ['x'] };
  expect(await hana.ask({ kind: 'member.role', participant, role: 'editor' })).toBe('done');
  expect(await gus.ask(edit)).toBe('done');
  expect(await hana.ask({ kind: 'member.role', participant, role: 'viewer' })).toBe('done');
  expect(await gus.ask({ ...edit, base: 1 })).toMatchObject({ code: 'role.viewer' });
});

test('a room keeps a host', async () => {
  const { hana, guest } = await scene();
  const gus = await guest('editor');
  const me = hana.person.participant.id;
  expect(await hana.ask({ kind: 'member.role', participant: me, role: 'editor' })).toMatchObject({
    code: 'role.lastHost',
  });
  expect(await hana.ask({ kind: 'member.remove', participant: me })).toMatchObject({ code: 'role.lastHost' });
  const other = gus.person.participant.id;
  expect(await hana.ask({ kind: 'member.role', participant: other, role: 'host' })).toBe('done');
  expect(await hana.ask({ kind: 'member.role', participant: me, role: 'editor' })).toBe('done');
});

test('a room opens by link only, and by none of another room', async () => {
  const { room, links } = await scene();
  const other = await scene();
  const stranger = (await Person.named(server.address, 'Sid')).tab();
  for (const secret of [null, '', 'x'.repeat(22), other.links.editor, `${links.editor}x`]) {
    expect(await stranger.tryJoin(room, secret)).toMatchObject({ ok: false, error: { code: 'room.link' } });
  }
  expect(await stranger.tryJoin('A'.repeat(22), links.editor)).toMatchObject({
    ok: false,
    error: { code: 'room.unknown' },
  });
});

/** What the holder of a link is told of a room, whom nobody knows yet. */
async function invitation(room: string, secret: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${server.address}/api/rooms/${room}/invitation`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': someAddress() },
    body: JSON.stringify({ secret }),
  });
  return { status: response.status, body: await response.json() };
}

test('a link in force tells its holder the room, its hosts and the role; they need no name for that', async () => {
  const { room, links, hana } = await scene();
  expect(await hana.ask({ kind: 'room.rename', name: 'Secret plans' })).toBe('done');
  for (const role of ['editor', 'viewer'] as const)
    expect(await invitation(room, links[role])).toEqual({
      status: 200,
      body: { room: 'Secret plans', role, hosts: ['Hana'] },
    });
});

test('nobody else is told anything of a room', async () => {
  const { room, links, hana } = await scene();
  const other = await scene();
  expect(await hana.ask({ kind: 'room.rename', name: 'Secret plans' })).toBe('done');
  for (const secret of [null, '', 7, 'x'.repeat(22), 'x'.repeat(500), other.links.editor, `${links.editor}x`])
    expect(await invitation(room, secret)).toEqual({ status: 403, body: { error: refusal('room.link') } });
  expect(await invitation('A'.repeat(22), links.editor)).toMatchObject({ status: 404 });
  expect(await invitation('..', links.editor)).toMatchObject({ status: 404 });

  expect(await hana.ask({ kind: 'link.revoke', role: 'editor' })).toBe('done');
  expect(await invitation(room, links.editor)).toEqual({
    status: 403,
    body: { error: refusal('room.linkRevoked') },
  });
  expect(await hana.ask({ kind: 'room.lock', locked: true })).toBe('done');
  expect(await invitation(room, links.viewer)).toEqual({
    status: 403,
    body: { error: refusal('room.locked') },
  });
});

test('links cannot be tried out without end', async () => {
  const { room } = await scene();
  const ask = () =>
    fetch(`${server.address}/api/rooms/${room}/invitation`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': '203.0.113.77' },
      body: JSON.stringify({ secret: 'x'.repeat(22) }),
    });
  const statuses = new Set<number>();
  for (let i = 0; i <= LIMITS.joinsPerMinute; i++) statuses.add((await ask()).status);
  expect(statuses).toEqual(new Set([403, 429]));
});

test('a revoked link is told as such, its members stay, the new one works', async () => {
  const { room, links, hana, guest } = await scene();
  const gus = await guest('editor');
  expect(await hana.ask({ kind: 'link.revoke', role: 'editor' })).toBe('done');
  const late = (await Person.named(server.address, 'Lena')).tab();
  expect(await late.tryJoin(room, links.editor)).toMatchObject({ error: { code: 'room.linkRevoked' } });
  const renewed = await hana.person.links(room);
  expect(renewed.viewer).toBe(links.viewer);
  await late.join(room, renewed.editor);
  gus.disconnect();
  gus.connect(server.address);
  await gus.rejoin();
});

test('a locked room admits its members only', async () => {
  const { room, links, hana, guest } = await scene();
  const gus = await guest('editor');
  expect(await hana.ask({ kind: 'room.lock', locked: true })).toBe('done');
  const late = (await Person.named(server.address, 'Lena')).tab();
  expect(await late.tryJoin(room, links.editor)).toMatchObject({ error: { code: 'room.locked' } });
  await gus.person.tab().join(room);
  expect(await hana.ask({ kind: 'room.lock', locked: false })).toBe('done');
  await late.join(room, links.editor);
});

test('a removed person is dismissed, and not admitted again with the same link', async () => {
  const { room, links, hana, guest } = await scene();
  const gus = await guest('editor');
  const second = gus.person.tab();
  await second.join(room);
  hana.command({ kind: 'member.remove', participant: gus.person.participant.id });
  await Promise.all([gus, second].map((tab) => tab.until(() => tab.dismissed !== null)));
  expect(gus.dismissed!.code).toBe('room.removed');
  const heard = gus.fold.seq;
  expect(await hana.ask({ kind: 'room.rename', name: 'Without Gus' })).toBe('done');
  expect(gus.fold.seq).toBe(heard);
  expect(await gus.tryJoin(room, links.editor)).toMatchObject({ error: { code: 'room.removed' } });
});

test('the room goes on when its host leaves', async () => {
  const { hana, guest } = await scene();
  const gus = await guest('editor');
  hana.disconnect();
  gus.type('alone ');
  await gus.saved();
});

test('only the host sees the links', async () => {
  const { room, guest } = await scene();
  const gus = await guest('editor');
  const response = await fetch(`${server.address}/api/rooms/${room}/links`, {
    headers: { Cookie: gus.person.cookie },
  });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ error: { code: 'role.host' } });
});

test('file commands keep the paths of a room apart', async () => {
  const { hana } = await scene();
  const create = (file: FileId, path: string) =>
    hana.ask({ kind: 'file.create', file: file, path, text: '' });
  expect(await create(fileId('file-aa1'), 'lib/util.py')).toBe('done');
  for (const [path, code] of [
    ['lib/util.py', 'file.exists'],
    ['lib/util.py/x.py', 'file.exists'],
    ['lib', 'folder.exists'],
    ['lib/Util.py', 'file.case'],
    ['Lib/other.py', 'file.case'],
    ['MAIN.PY', 'file.case'],
  ] as const) {
    expect(await create(fileId('file-aa2'), path)).toMatchObject({ code });
  }
  expect(await hana.ask({ kind: 'folder.move', from: 'lib', to: 'LIB' })).toBe('done');
  expect(await hana.ask({ kind: 'file.delete', file: fileId('file-aa1') })).toBe('done');
  expect(await create(fileId('file-aa2'), 'LIB')).toMatchObject({ code: 'folder.exists' });
  expect(await hana.ask({ kind: 'folder.delete', path: 'LIB' })).toBe('done');
  expect(await create(fileId('file-aa2'), 'lib')).toBe('done');
  expect(await hana.ask({ kind: 'edit', file: fileId('file-aa1'), base: 0, op: ['x'] })).toMatchObject({
    code: 'file.unknown',
  });
});
