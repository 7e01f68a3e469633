// The lane by which a page has a text formatted: who may ask, how often, and for what.
import { type FormatReply, LIMITS } from '@codesync/protocol';
import { expect, test } from 'vitest';
import { Person, type Tab } from '../support/client.ts';
import { FAKE_RUNNER, useServer } from '../support/server.ts';

const server = useServer({}, { runner: FAKE_RUNNER });
const withoutRunner = useServer();

const ask = (tab: Tab, request: unknown): Promise<FormatReply> =>
  tab.socket.emitWithAck('format', request as never);

async function code(reply: Promise<FormatReply>): Promise<string> {
  const answer = await reply;
  return answer.ok ? 'told' : answer.error.code;
}

const SOME = { language: 'python', text: 'x=1\n' };

async function scene(address: string) {
  const hana = (await Person.named(address, 'Hana')).tab();
  const room = await hana.person.createRoom();
  const links = await hana.person.links(room);
  await hana.join(room);
  return { hana, room, links };
}

test('what is no request, and who may not edit, is refused with its reason', async () => {
  const { hana, room, links } = await scene(server.address);
  const none = [null, 7, {}, { ...SOME, language: 'javascript' }, { ...SOME, more: 1 }, { language: 'go' }];
  for (const each of [...none, { ...SOME, text: 'x'.repeat(LIMITS.fileUnits + 1) }])
    expect(await code(ask(hana, each))).toBe('protocol.malformed');
  expect(await code(ask(hana, { ...SOME, text: '\ud800' }))).toBe('text.half');
  const stranger = (await Person.named(server.address, 'Sid')).tab();
  expect(await code(ask(stranger, SOME))).toBe('protocol.unjoined');
  const gus = (await Person.named(server.address, 'Gus')).tab();
  await gus.join(room, links.viewer);
  expect(await code(ask(gus, SOME))).toBe('role.viewer');
});

test('a client has one text formatted at a time, and the room hears nothing of it', async () => {
  const { hana } = await scene(server.address);
  await hana.until(() => hana.welcome !== null);
  const { head } = hana.welcome!;
  // The runner of this test never answers a formatter.
  void ask(hana, SOME);
  expect(await code(ask(hana, SOME))).toBe('rate.exceeded');
  expect(hana.fold.seq).toBe(head);
});

test('each counts as the start of a run; what a viewer may not ask for does not', async () => {
  const { hana, room, links } = await scene(withoutRunner.address);
  const gus = (await Person.named(withoutRunner.address, 'Gus')).tab();
  await gus.join(room, links.viewer);
  for (let i = 0; i <= LIMITS.runStartsPerMinute; i++) expect(await code(ask(gus, SOME))).toBe('role.viewer');
  const codes: string[] = [];
  for (let i = 0; i <= LIMITS.runStartsPerMinute; i++) codes.push(await code(ask(hana, SOME)));
  expect(codes).toEqual([
    ...Array.from({ length: LIMITS.runStartsPerMinute }, () => 'run.unavailable'),
    'run.tooOften',
  ]);
});
