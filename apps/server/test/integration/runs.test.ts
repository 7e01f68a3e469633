// Runs as people in a room see them. The runner is a stand-in that speaks the real one's protocol.
import { createHash, randomBytes } from 'node:crypto';
import {
  BLOB_PART_BYTES,
  BlobHash,
  blobParts,
  type EventBody,
  LIMITS,
  type Refusal,
  type RunStream,
  refusal,
  type SandboxStatus,
  streamText,
} from '@codesync/protocol';
import { fileId } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { Person, type Tab } from '../support/client.ts';
import { dataFolder, FAKE_RUNNER, inProcess, useServer } from '../support/server.ts';

const server = useServer({}, { runner: FAKE_RUNNER });

async function sandboxIs(state: SandboxStatus['state'], { address } = server): Promise<void> {
  for (;;) {
    const status = (await (await fetch(`${address}/api/status`)).json()) as { sandbox: SandboxStatus };
    if (status.sandbox.state === state) return;
  }
}

/** Two people in a room whose program is `program`. */
async function scene(program: string): Promise<readonly [Tab, Tab]> {
  await sandboxIs('ready');
  const hana = (await Person.named(server.address, 'Hana')).tab();
  const room = await hana.person.createRoom();
  const links = await hana.person.links(room);
  await hana.join(room);
  const gus = (await Person.named(server.address, 'Gus')).tab();
  await gus.join(room, links.viewer);
  hana.edit([`${program}\n`]);
  await hana.saved();
  return [hana, gus];
}

function runOf(tab: Tab) {
  return [...tab.fold.state.runs.values()].at(-1);
}

const ended = (tab: Tab) => () => runOf(tab)?.phase === 'ended';

test('everyone sees the same output of a run, tied to the versions that it ran', async () => {
  const [hana, gus] = await scene('print 5');
  expect(await hana.ask({ kind: 'run.start', entry: hana.file() })).toBe('done');
  await Promise.all([hana, gus].map((tab) => tab.until(ended(tab))));
  expect(runOf(gus)).toEqual(runOf(hana));
  expect(runOf(gus)).toMatchObject({
    by: hana.person.participant.id,
    files: [{ path: 'main.py', version: 1 }],
    end: { reason: 'exit', exitCode: 0 },
  });
  const said = (stream: RunStream) =>
    runOf(gus)!
      .output.map((words) => (words.stream === 'stdin' ? '' : streamText(words, stream)))
      .join('');
  expect(said('stdout')).toBe('line 0\nline 2\nline 4\n');
  expect(said('stderr')).toBe('line 1\nline 3\n');
});

test('a program reads the bytes that somebody has uploaded into the room', async () => {
  const [hana] = await scene('sum img/logo.png');
  const body = randomBytes(BLOB_PART_BYTES + 1);
  const blob = BlobHash.parse(createHash('sha256').update(body).digest('hex'));
  for (let part = 0; part < blobParts(body.length); part++) {
    const path = `${hana.room}/blobs/${blob}/${part}?bytes=${body.length}`;
    const answer = await fetch(`${server.address}/api/rooms/${path}`, {
      method: 'PUT',
      body: new Uint8Array(body.subarray(part * BLOB_PART_BYTES, (part + 1) * BLOB_PART_BYTES)),
      headers: {
        ...hana.person.headers,
        'Content-Type': 'application/octet-stream',
        Origin: server.address,
      },
    });
    expect(answer.status).toBe(200);
  }
  const upload = { kind: 'file.upload', file: fileId('logo-file'), path: 'img/logo.png', blob } as const;
  expect(await hana.ask(upload)).toBe('done');
  expect(await hana.ask({ kind: 'run.start', entry: hana.file() })).toBe('done');
  await hana.until(ended(hana));
  expect(runOf(hana)).toMatchObject({ output: [{ text: `${blob}\n` }], end: { reason: 'exit' } });
});

test('a run is stopped by whoever may edit, and reads what they type', async () => {
  const [hana, gus] = await scene('wait');
  await hana.ask({ kind: 'run.start', entry: hana.file() });
  const run = runOf(hana)!.id;
  expect(await hana.ask({ kind: 'run.input', run, text: 'hello\n', eof: false })).toBe('done');
  await gus.until(() => runOf(gus)!.output.some(({ text }) => text.includes('read hello')));
  expect(await gus.ask({ kind: 'run.stop', run })).toMatchObject({ code: 'role.viewer' });
  expect(await hana.ask({ kind: 'run.stop', run })).toBe('done');
  await gus.until(ended(gus));
  expect(runOf(gus)!.end!.reason).toBe('stopped');
  expect(await hana.ask({ kind: 'run.stop', run })).toMatchObject({ code: 'run.unknown' });
});

test('a latecomer sees the output of a run that is over', async () => {
  const [hana] = await scene('print 3');
  await hana.ask({ kind: 'run.start', entry: hana.file() });
  await hana.until(ended(hana));
  const late = hana.person.tab();
  await late.join(hana.room!);
  expect(runOf(late)).toEqual(runOf(hana));
});

test('many people of one address start no more runs together than it has clients for; others start theirs', async () => {
  const own = dataFolder();
  const clientsPerAddress = LIMITS.runStartsPerMinute + 5;
  const school = await inProcess(own.path, { clientsPerAddress }, { runner: FAKE_RUNNER });
  await sandboxIs('ready', school);
  /** A host of a room of their own, who starts runs that end at once. */
  const host = async (network: string): Promise<() => Promise<'done' | Refusal>> => {
    const tab = (await Person.named(school.address, 'Pupil', network)).tab();
    await tab.join(await tab.person.createRoom());
    tab.edit(['print 1\n']);
    await tab.saved();
    return async () => {
      const outcome = await tab.ask({ kind: 'run.start', entry: tab.file() });
      if (outcome === 'done') await tab.until(ended(tab));
      return outcome;
    };
  };
  const [hana, gus] = [await host('203.0.113.7'), await host('203.0.113.7')];
  // What a viewer may not start takes nothing from the others either.
  const teacher = (await Person.named(school.address, 'Teacher', '203.0.113.9')).tab();
  const room = await teacher.person.createRoom();
  const links = await teacher.person.links(room);
  await teacher.join(room);
  const viewer = (await Person.named(school.address, 'Pupil', '203.0.113.7')).tab();
  await viewer.join(room, links.viewer);
  for (let i = 0; i < 10; i++) {
    const answer = await viewer.ask({ kind: 'run.start', entry: teacher.file() });
    expect(answer).toMatchObject({ code: 'role.viewer' });
  }
  for (let i = 0; i < LIMITS.runStartsPerMinute; i++) expect(await hana()).toBe('done');
  // What she may not start herself takes nothing from the others at her address.
  for (let i = 0; i < 10; i++) expect(await hana()).toMatchObject({ code: 'run.tooOften' });
  for (let i = 0; i < 5; i++) expect(await gus()).toBe('done');
  expect(await gus()).toEqual(refusal('run.address'));
  const elsewhere = await host('203.0.113.8');
  expect(await elsewhere()).toBe('done');
  await school.stop();
  own.remove();
});

test('what the sandbox says again is told once', async () => {
  const [hana, gus] = await scene('blink');
  const heard: string[] = [];
  gus.socket.on('sandbox', ({ state }) => heard.push(state));
  await hana.ask({ kind: 'run.start', entry: hana.file() });
  await gus.until(ended(gus));
  expect(heard).toEqual(['off', 'ready']);
});

test('[INV9] a runner that dies ends its runs once, and the next one runs again', async () => {
  const [hana] = await scene('wait');
  await hana.ask({ kind: 'run.start', entry: hana.file() });
  hana.edit(['die\n']);
  await hana.saved();
  await hana.ask({ kind: 'run.start', entry: hana.file() });
  await hana.until(() => [...hana.fold.state.runs.values()].every(({ phase }) => phase === 'ended'));
  const ends = [...hana.fold.state.runs.values()].map(({ end }) => end!.reason);
  expect(ends).toEqual(['infrastructure', 'infrastructure']);
  await sandboxIs('ready');
  hana.edit(['print 1\n']);
  await hana.saved();
  expect(await hana.ask({ kind: 'run.start', entry: hana.file() })).toBe('done');
  await hana.until(ended(hana));
  expect(runOf(hana)!.end!.reason).toBe('exit');
  const kinds: EventBody['kind'][] = hana.log.map(({ body }) => body.kind);
  expect(kinds.filter((kind) => kind === 'run.ended')).toHaveLength(3);
});
