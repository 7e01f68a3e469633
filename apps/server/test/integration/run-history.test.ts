// The lane by which a page asks for the runs that the room's state does not hold any more.
import type { RunAnswer, RunReply } from '@codesync/protocol';
import { expect, test } from 'vitest';
import { Person, type Tab } from '../support/client.ts';
import { FAKE_RUNNER, useServer } from '../support/server.ts';

const server = useServer({}, { runner: FAKE_RUNNER });

const ask = (tab: Tab, question: unknown): Promise<RunReply> =>
  tab.socket.emitWithAck('runs', question as never);

async function told<Kind extends RunAnswer['kind']>(tab: Tab, kind: Kind, question: unknown) {
  const reply = await ask(tab, question);
  if (!reply.ok || reply.answer.kind !== kind) throw new Error(JSON.stringify(reply));
  return reply.answer as Extract<RunAnswer, { kind: Kind }>;
}

async function scene() {
  const hana = (await Person.named(server.address, 'Hana')).tab();
  const room = await hana.person.createRoom();
  const links = await hana.person.links(room);
  await hana.join(room);
  hana.edit(['print 5\n']);
  await hana.saved();
  const again = async () => {
    await expect.poll(() => hana.ask({ kind: 'run.start', entry: hana.file() })).toBe('done');
    await hana.until(() => [...hana.fold.state.runs.values()].at(-1)?.phase === 'ended');
  };
  await again();
  return { hana, room, links, again };
}

test('a run, its output and its code are told by the log, as they were', async () => {
  const { hana, links, room, again } = await scene();
  hana.edit(['print 1\n']);
  await hana.saved();
  await again();
  const gus = (await Person.named(server.address, 'Gus')).tab();
  await gus.join(room, links.viewer);
  const { runs, more } = await told(gus, 'runs', { ask: 'runs', before: null });
  const live = [...hana.fold.state.runs.values()].reverse();
  expect(more).toBe(false);
  expect(runs.map(({ run }) => run.id)).toEqual(live.map(({ id }) => id));
  for (const [n, { seq }] of runs.entries()) {
    expect((await told(gus, 'run', { ask: 'run', seq })).run).toEqual(live[n]);
    const { text } = await told(gus, 'text', { ask: 'text', seq, file: hana.file() });
    expect(text.split('\n')[0]).toBe(n === 0 ? 'print 1' : 'print 5');
  }
});

test('what is no question, comes from outside, or comes while one is answered is refused with its reason', async () => {
  const { hana } = await scene();
  const code = async (reply: Promise<RunReply>) => {
    const { ok, ...rest } = await reply;
    return ok ? 'told' : (rest as { error: { code: string } }).error.code;
  };
  for (const none of [null, 7, {}, { ask: 'all' }, { ask: 'run', seq: -1 }, { ask: 'runs', before: 'x' }]) {
    expect(await code(ask(hana, none))).toBe('protocol.malformed');
  }
  const stranger = (await Person.named(server.address, 'Sid')).tab();
  expect(await code(ask(stranger, { ask: 'runs', before: null }))).toBe('protocol.unjoined');
  const both = [1, 2].map(() => code(ask(hana, { ask: 'runs', before: null })));
  expect(await Promise.all(both)).toEqual(['told', 'rate.exceeded']);
  expect(await code(ask(hana, { ask: 'runs', before: null }))).toBe('told');
});
