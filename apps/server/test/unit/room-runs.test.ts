// Runs in a room: what may start, and what is told of it.
import { createHash } from 'node:crypto';
import { BlobHash, type FileId, LIMITS, RUNNER_LIMITS, type RunSetup, stretchesOf } from '@codesync/protocol';
import { configurationId, fileId, settle } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { fileOf, foldOf, GUS, HANA, Stage } from '../support/actor.ts';
import { EXIT_0 } from '../support/memory-runner.ts';

describe('runs', () => {
  const start = (file: FileId) => ({ kind: 'run.start' as const, entry: file });

  test('run exactly the text that was sequenced before', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    room.command(hana.seat, { clientSeq: 1, body: { kind: 'edit', file, base: 0, op: ['# before\n'] } });
    room.command(hana.seat, { clientSeq: 2, body: start(file) });
    room.command(hana.seat, { clientSeq: 3, body: { kind: 'edit', file, base: 1, op: ['# after\n'] } });
    await settle();
    const [run] = stage.runner.started;
    expect(run!.request).toMatchObject({ entry: 'main.py', language: 'python' });
    expect(run!.request.files[0]).toMatchObject({ text: expect.stringMatching(/^# before\ndef/) });
    expect(hana.heard.find(({ body }) => body.kind === 'run.started')!.body).toMatchObject({
      files: [{ file, path: 'main.py', version: 1 }],
    });
  });

  test('a program has a name in the sandbox that its language runs, and its own one in the log', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileId('script-file');
    await stage.send(room, hana, 1, { kind: 'file.create', file, path: 'tools/script', text: 'mine' });
    await stage.send(room, hana, 2, { kind: 'file.language', file, language: 'go' });
    await stage.send(room, hana, 3, start(file));
    await stage.send(room, hana, 4, { kind: 'file.language', file, language: 'python' });
    await stage.send(room, hana, 5, start(file));
    const requests = stage.runner.started.map(({ request }) => request);
    expect(requests).toMatchObject([
      { language: 'go', entry: 'tools/script.go' },
      { language: 'python', entry: 'tools/script' },
    ]);
    for (const { entry, files } of requests)
      expect(files.filter((each) => 'text' in each && each.text === 'mine').map(({ path }) => path)).toEqual([
        entry,
      ]);
    const started = hana.heard.flatMap(({ body }) => (body.kind === 'run.started' ? [body] : []));
    for (const { files } of started)
      expect(files.find((each) => each.file === file)).toMatchObject({ path: 'tools/script' });
  });

  test('a file that is no text is named by its hash, by its path in the room', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const body = Buffer.from([0, 0xff]);
    const blob = {
      hash: BlobHash.parse(createHash('sha256').update(body).digest('hex')),
      bytes: body.length,
    };
    await stage.blobs.put(room.id, blob, 0, body, async () => []);
    const file = fileId('logo-file');
    await stage.send(room, hana, 1, { kind: 'file.upload', file, path: 'logo.png', blob: blob.hash });
    await stage.send(room, hana, 2, { kind: 'file.rename', file, path: 'img/logo.png' });
    await stage.send(room, hana, 3, start(fileOf(hana)));
    const [{ request }] = stage.runner.started as [(typeof stage.runner.started)[0]];
    expect(request.files).toContainEqual({ path: 'img/logo.png', blob });
    expect(request.files.length).toBe(2);
  });

  test('the first output goes at once, the next together', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    await stage.send(room, hana, 1, start(fileOf(hana)));
    const { listener } = stage.runner.started[0]!;
    listener.phase('running');
    listener.output({ stream: 'stdout', text: 'a' });
    await settle();
    for (const text of ['b', 'c']) listener.output({ stream: 'stdout', text });
    listener.output({ stream: 'stderr', text: 'd' });
    await settle();
    const said = () =>
      hana.heard.flatMap(({ body }) =>
        body.kind === 'run.output'
          ? [[...stretchesOf(body)].map(({ stream, text }) => `${stream} ${text}`).join(', ')]
          : [],
      );
    expect(said()).toEqual(['stdout a']);
    await stage.clock.pass(20);
    expect(said()).toEqual(['stdout a', 'stdout bc, stderr d']);
    listener.output({ stream: 'stdout', text: 'e' });
    listener.ended(EXIT_0);
    await settle();
    expect(hana.kinds.slice(-2)).toEqual(['run.output', 'run.ended']);
  });

  test('that a program runs is told with its first words, or soon', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const told = () => hana.kinds.filter((kind) => kind.startsWith('run.'));
    await stage.send(room, hana, 1, start(fileOf(hana)));
    const { listener } = stage.runner.started[0]!;
    listener.phase('running');
    await settle();
    expect(told()).toEqual(['run.started']);
    listener.output({ stream: 'stdout', text: 'a' });
    await settle();
    expect(told()).toEqual(['run.started', 'run.phase', 'run.output']);
    listener.ended(EXIT_0);
    await stage.send(room, hana, 2, start(fileOf(hana)));
    const silent = stage.runner.started[1]!.listener;
    silent.phase('compiling');
    silent.output({ stream: 'stderr', text: 'a warning' });
    silent.phase('running');
    await stage.clock.pass(20);
    expect(hana.heard.slice(-4).map(({ body }) => ('phase' in body ? body.phase : body.kind))).toEqual([
      'run.started',
      'compiling',
      'run.output',
      'running',
    ]);
  });

  test('the end that someone asked for answers the command', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const gus = await stage.join(room, GUS);
    await stage.send(room, hana, 1, start(fileOf(hana)));
    const { request, listener } = stage.runner.started[0]!;
    await stage.send(room, hana, 2, { kind: 'run.stop', run: request.run });
    await stage.send(room, gus, 1, { kind: 'run.stop', run: request.run });
    expect(stage.runner.stopped).toEqual([request.run]);
    expect(gus.refusals.map(({ error }) => error.code)).toEqual(['run.unknown']);
    listener.ended({ ...EXIT_0, reason: 'stopped', exitCode: null });
    await settle();
    expect(hana.heard.at(-1)).toMatchObject({
      actor: HANA.id,
      origin: { clientSeq: 2 },
      body: { reason: 'stopped' },
    });
  });

  test('[A39] a run that was going when the server was killed ends as lost, once', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    await stage.send(room, hana, 1, start(fileOf(hana)));
    const later = new Stage('one', stage.clock, stage.store);
    await later.open(room.id);
    await settle();
    const again = new Stage('one', stage.clock, stage.store);
    await again.open(room.id);
    await settle();
    const events = await stage.store.events(room.id, 0, 999);
    const ends = events.filter(({ body }) => body.kind === 'run.ended');
    expect(ends.map(({ body }) => body)).toMatchObject([{ reason: 'infrastructure' }]);
  });

  test('are refused without a language, over the limit, or without a sandbox', async () => {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const file = fileOf(hana);
    await stage.send(room, hana, 1, {
      kind: 'file.create',
      file: fileId('file-txt'),
      path: 'a.txt',
      text: '',
    });
    await stage.send(room, hana, 2, start(fileId('file-txt')));
    for (let i = 0; i < LIMITS.runsPerRoom; i++) await stage.send(room, hana, 3 + i, start(file));
    await stage.send(room, hana, 20, start(file));
    stage.runner.started[0]!.listener.ended(EXIT_0);
    stage.runner.current = { state: 'off', reason: 'No engine.', mend: 'Install Docker.' };
    await stage.send(room, hana, 21, start(file));
    expect(hana.refusals.map(({ error }) => error.code)).toEqual([
      'run.language',
      'run.tooMany',
      'run.unavailable',
    ]);
    expect(hana.refusals[2]!.error.message).toBe('No engine. Install Docker.');
  });
});

describe('what a program is given', () => {
  const given = {
    args: ['-v', 'two words'],
    env: [{ name: 'MODE', value: 'test' }],
    stdin: fileId('file-data'),
    workFolder: 'entry' as const,
  };

  async function roomWithData() {
    const stage = new Stage();
    const room = await stage.room();
    const hana = await stage.join(room, HANA);
    const data = { kind: 'file.create', file: given.stdin, path: 'data.txt', text: '1\n2\n' } as const;
    await stage.send(room, hana, 1, data);
    return { stage, room, hana };
  }

  test('comes from the configuration as it is then, is in the log, and its input ends with its file', async () => {
    const { stage, room, hana } = await roomWithData();
    const configuration = configurationId('configuration-1');
    const made = { configuration, name: 'Tests', entry: fileOf(hana), ...given };
    await stage.send(room, hana, 2, { kind: 'configuration.create', ...made });
    await stage.send(room, hana, 3, {
      kind: 'edit',
      file: given.stdin,
      base: 0,
      op: [4, '3\n'],
    });
    await stage.send(room, hana, 4, { kind: 'run.start', configuration });
    expect(stage.runner.started[0]!.request).toMatchObject({
      args: ['-v', 'two words'],
      env: { MODE: 'test' },
      workFolder: 'entry',
    });
    expect(stage.runner.typed).toEqual(['1\n2\n3\n']);
    const [run] = [...foldOf(hana).state.runs.values()];
    expect(run).toMatchObject({ ...given, configuration: { id: configuration, name: 'Tests' } });
    expect(run!.files.find(({ file }) => file === given.stdin)).toMatchObject({ version: 1 });
    await stage.send(room, hana, 5, { kind: 'run.input', run: run!.id, text: 'more', eof: false });
    expect(hana.refusals.map(({ error }) => error.code)).toEqual(['run.inputEnded']);
  });

  test('may come with the command, and is refused where no program can be given it', async () => {
    const { stage, room, hana } = await roomWithData();
    let n = 1;
    const start = (setup: Partial<RunSetup>) =>
      stage.send(room, hana, ++n, {
        kind: 'run.start',
        entry: fileOf(hana),
        setup: { ...given, ...setup },
      });
    await start({});
    const value = 'x'.repeat(RUNNER_LIMITS.envBytes);
    await start({ args: Array.from({ length: RUNNER_LIMITS.args + 1 }, () => 'x') });
    await start({ args: ['x'.repeat(RUNNER_LIMITS.argsBytes)] });
    await start({ args: ['a\0'] });
    for (const name of ['', '1A', 'A=B', '__proto__', 'é']) await start({ env: [{ name, value: '' }] });
    await start({ env: [{ name: 'A', value }] });
    await start({ env: [...given.env, ...given.env] });
    await start({ stdin: fileId('file-none') });
    const long = 'x'.repeat(RUNNER_LIMITS.stdinBytes);
    await stage.send(room, hana, ++n, { kind: 'edit', file: given.stdin, base: 0, op: [long] });
    await start({});
    expect(stage.runner.started.length).toBe(1);
    expect(hana.refusals.map(({ error }) => error.code)).toEqual([
      ...Array.from({ length: 3 }, () => 'run.args'),
      ...Array.from({ length: 5 }, () => 'run.envName'),
      'run.env',
      'run.envName',
      'run.stdinGone',
      'run.stdinTooLarge',
    ]);
  });
});

test('where programs start is the room’s to say, and is in the log of each run that starts elsewhere', async () => {
  const stage = new Stage();
  const room = await stage.room();
  const hana = await stage.join(room, HANA);
  const start = { kind: 'run.start', entry: fileOf(hana) } as const;
  await stage.send(room, hana, 1, start);
  await stage.send(room, hana, 2, { kind: 'workFolder.set', folder: 'entry' });
  await stage.send(room, hana, 3, start);
  expect(stage.runner.started.map(({ request }) => request.workFolder)).toEqual(['room', 'entry']);
  const runs = [...foldOf(hana).state.runs.values()];
  expect(runs.map(({ workFolder }) => workFolder)).toEqual([undefined, 'entry']);
});
