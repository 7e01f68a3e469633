// The server as a monitoring system sees it, after people have used it.
import { request as httpRequest } from 'node:http';
import { divergenceReport, type HashVerdict, REFUSALS } from '@codesync/protocol';
import { expect, test } from 'vitest';
import { Person, type Tab } from '../support/client.ts';
import { type Scrape, scrape } from '../support/metrics.ts';
import { dataFolder, FAKE_RUNNER, inProcess, useServer } from '../support/server.ts';

const TOKEN = 'a-token-for-the-tests';
const server = useServer({ metricsToken: TOKEN }, { runner: FAKE_RUNNER });

const metrics = () => scrape(server.address, TOKEN);

/** Resolves when the metrics are as `holds` says. */
async function until(holds: (now: Scrape) => boolean): Promise<Scrape> {
  for (;;) {
    const now = await metrics();
    if (holds(now)) return now;
  }
}

/** By how much a series has grown; one that was not there before began at 0. */
const growth =
  (before: Scrape, after: Scrape) =>
  (name: string, labels: Record<string, string> = {}): number =>
    after.value(name, labels) - (before.value(name, labels) || 0);

async function scene(): Promise<{ hana: Tab; gus: Tab; room: string }> {
  const hana = (await Person.named(server.address, 'Hana')).tab();
  const room = await hana.person.createRoom();
  const links = await hana.person.links(room);
  await hana.join(room);
  const gus = (await Person.named(server.address, 'Gus')).tab();
  await gus.join(room, links.viewer);
  return { hana, gus, room };
}

test('what people do is counted: edits, commits, joins, refusals, runs, who is here', async () => {
  const before = await until((now) => now.value('codesync_sandbox_up') === 1);
  const { hana, gus, room } = await scene();
  const EDITS = 12;
  for (let i = 0; i < EDITS; i++) {
    hana.edit([`${i} `]);
    await hana.saved();
  }
  const entry = hana.file();
  expect(await gus.ask({ kind: 'run.start', entry })).toMatchObject({ code: 'role.viewer' });
  hana.edit(['print 4\n']);
  await hana.saved();
  expect(await hana.ask({ kind: 'run.start', entry })).toBe('done');
  await hana.until(() => [...hana.fold.state.runs.values()].at(-1)?.phase === 'ended');
  expect((await fetch(`${server.address}/api/rooms/${room}/links`, gus.person)).status).toBe(403);

  const after = await metrics();
  const grown = growth(before, after);
  expect(grown('codesync_edit_seconds_count')).toBe(EDITS + 1);
  expect(grown('codesync_edit_seconds_sum')).toBeGreaterThan(0);
  expect(grown('codesync_edit_seconds_bucket', { le: '+Inf' })).toBe(EDITS + 1);
  expect(grown('codesync_commit_events_sum')).toBe(hana.fold.seq - 3);
  expect(grown('codesync_commit_seconds_count')).toBe(grown('codesync_commit_events_count'));
  expect(grown('codesync_joins_total', { kind: 'new' })).toBe(2);
  expect(grown('codesync_refusals_total', { code: 'role.viewer' })).toBe(1);
  expect(grown('codesync_refusals_total', { code: 'role.host' })).toBe(1);
  expect(grown('codesync_runs_total', { language: 'python', reason: 'exit' })).toBe(1);
  expect(grown('codesync_run_first_output_seconds_count', { language: 'python' })).toBe(1);
  expect(grown('codesync_run_wall_seconds_sum', { language: 'python', reason: 'exit' })).toBeCloseTo(0.003);
  expect(grown('codesync_run_wall_seconds_count', { language: 'python', reason: 'exit' })).toBe(1);
  expect(grown('codesync_http_requests_total', { method: 'GET', status: '403' })).toBe(1);
  expect(after.value('codesync_clients')).toBe(2);
  expect(after.value('codesync_participants')).toBe(2);
  expect(after.value('codesync_sockets')).toBe(2);
  expect(after.value('codesync_rooms')).toBe(1);
  expect(after.value('codesync_events_waiting')).toBe(0);
  expect(after.value('codesync_storage_stalled')).toBe(0);
  for (const [name, value] of Object.entries({ ready: 2, wanted: 3, busy: 0 }))
    expect(after.value(`codesync_sandboxes_${name}`, { language: 'go' })).toBe(value);
  for (const name of ['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes'])
    expect(after.value(name)).toBeGreaterThanOrEqual(0);

  gus.disconnect();
  await gus.connect(server.address);
  await gus.rejoin();
  const back = await metrics();
  expect(back.value('codesync_joins_total', { kind: 'resumed' })).toBe(
    after.value('codesync_joins_total', { kind: 'resumed' }) + 1,
  );
  for (const tab of [hana, gus]) tab.disconnect();
  await until((now) => now.value('codesync_clients') === 0);
});

test('no series names a room, a person or a file, and there are no more of them after more rooms', async () => {
  const first = await scene();
  const series = (text: string) => new Set(text.match(/^\w+(\{[^}]*\})?/gm));
  const before = series((await metrics()).text);
  const second = await scene();
  const { text } = await metrics();
  expect(series(text)).toEqual(before);
  for (const word of [first.room, second.room, 'Hana', 'main.py', first.hana.client, first.hana.file()])
    expect(text).not.toContain(word);
  expect(text.match(/^codesync_refusals_total\{/gm)).toHaveLength(Object.keys(REFUSALS).length);
  for (const { hana, gus } of [first, second]) for (const tab of [hana, gus]) tab.disconnect();
});

test('a copy that has diverged is given the right text, and counted when it has healed', async () => {
  const { hana, gus } = await scene();
  const before = await metrics();
  const file = hana.file();
  const version = hana.fold.texts.get(file)!.version;
  const check = (hash: number): Promise<HashVerdict> =>
    gus.socket.emitWithAck('check', { file, version, hash });
  expect(await check(hana.fold.texts.get(file)!.buffer.hash())).toEqual({ verdict: 'equal' });
  const verdict = await check(1);
  expect(verdict).toEqual({ verdict: 'diverged', version, text: hana.text() });
  const report = divergenceReport({ file, version, pending: false }, 'wrong', hana.text());
  // Said three times, it is one all the same.
  for (let i = 0; i < 3; i++) gus.socket.emit('healed', report);
  await gus.socket.emitWithAck('rtt');
  const after = await until(
    (now) =>
      now.value('codesync_divergences_healed_total') > before.value('codesync_divergences_healed_total'),
  );
  const grown = growth(before, after);
  expect(grown('codesync_divergences_total')).toBe(1);
  expect(grown('codesync_divergences_healed_total')).toBe(1);
  expect(grown('codesync_hash_checks_total', { verdict: 'equal' })).toBe(1);
  expect(grown('codesync_hash_checks_total', { verdict: 'diverged' })).toBe(1);

  const status = await hana.socket.emitWithAck('status');
  expect(status).toMatchObject({ ok: true, status: { room: { diverged: 1, healed: 1 } } });
  for (const tab of [hana, gus]) tab.disconnect();
});

test('a host is told how the server is; others, and those who have not joined, are not', async () => {
  const { hana, gus } = await scene();
  hana.edit(['x']);
  await hana.saved();
  const reply = await hana.socket.emitWithAck('status');
  expect(reply).toMatchObject({
    ok: true,
    status: {
      storage: { stalledSince: null, waiting: 0, edits: { medianMs: expect.any(Number) } },
      sandbox: {
        pools: { python: { warm: 2, wanted: 3, queued: 0 } },
        image: expect.any(String),
        check: { gaps: [] },
      },
      versions: { node: process.versions.node, postgres: expect.stringMatching(/^\d+/) },
      room: { clients: 2, participants: 2, diverged: 0, healed: 0 },
    },
  });
  expect(await gus.socket.emitWithAck('status')).toMatchObject({ ok: false, error: { code: 'role.host' } });
  const stranger = hana.person.tab();
  expect(await stranger.socket.emitWithAck('status')).toMatchObject({
    ok: false,
    error: { code: 'protocol.unjoined' },
  });
  await hana.ask({ kind: 'member.role', participant: gus.person.participant.id, role: 'host' });
  expect(await gus.socket.emitWithAck('status')).toMatchObject({ ok: true });
  for (const tab of [hana, gus, stranger]) tab.disconnect();
});

test('only who shows the token reads the metrics, wherever they are', async () => {
  const ask = (headers: Record<string, string> = {}) => fetch(`${server.address}/metrics`, { headers });
  for (const authorization of ['', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, 'Bearer']) {
    const refused = await ask({ authorization });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect(await refused.text()).not.toContain('codesync_');
  }
  const through = await ask({ Authorization: `Bearer ${TOKEN}`, 'X-Forwarded-For': '203.0.113.9' });
  expect(through.status).toBe(200);
  expect(through.headers.get('content-type')).toMatch(/^text\/plain; version=/);
});

test('without a token, programs on this machine read them, and nobody by a proxy or a page', async () => {
  const other = dataFolder();
  const open = await inProcess(other.path, { proxies: 0 });
  const status = (headers: Record<string, string> = {}): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(`${open.address}/metrics`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      request.once('error', reject);
      request.end();
    });
  expect(await status()).toBe(200);
  expect(await status({ Host: 'localhost:3000' })).toBe(200);
  expect(await status({ Host: 'rebound.example' })).toBe(403);
  for (const name of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP'])
    expect(await status({ [name]: '127.0.0.1' })).toBe(403);
  await open.stop();

  const behind = await inProcess(other.path, { proxies: 1 });
  const response = await fetch(`${behind.address}/metrics`);
  expect(response.status).toBe(403);
  expect(await response.text()).toContain('CODESYNC_METRICS_TOKEN');
  await behind.stop();
  other.remove();
});
