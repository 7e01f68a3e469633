// The chat at the server: once in the log however often it is sent, for whoever comes later, and not without end.
import { type CommandBody, type HostTalk, LIMITS } from '@codesync/protocol';
import { messageId } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { Person, type Tab } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

async function twoInARoom() {
  const host = await Person.named(server.address, 'Hana');
  const room = await host.createRoom();
  const hana = host.tab();
  await hana.join(room);
  const gus = (await Person.named(server.address, 'Gus')).tab();
  const secret = (await host.links(room)).viewer;
  await gus.join(room, secret);
  return { room, secret, hana, gus };
}

const say = (n: number, text = `word ${n}`) =>
  ({ kind: 'chat.send', message: messageId(`message-${n}`), text }) satisfies CommandBody;
const said = ({ fold }: Tab) => [...fold.state.messages.values()].map(({ text }) => text);

test('[INV3] a message that is sent again, also over another connection, is in the log once', async () => {
  const { hana, gus } = await twoInARoom();
  const clientSeq = hana.command(say(1));
  hana.command(say(1), clientSeq);
  await hana.until(() => hana.acknowledged.has(clientSeq));
  hana.connect(server.address);
  await hana.rejoin();
  hana.acknowledged.delete(clientSeq);
  hana.command(say(1), clientSeq);
  await hana.until(() => hana.acknowledged.has(clientSeq));
  expect(await hana.ask(say(2))).toBe('done');
  await gus.until(() => said(gus).length === 2);
  expect([said(hana), said(gus)]).toEqual([
    ['word 1', 'word 2'],
    ['word 1', 'word 2'],
  ]);
});

test('a message points at the same text for whoever comes later, whatever was typed since', async () => {
  const { room, secret, hana } = await twoInARoom();
  const [file, version] = [hana.file(), hana.fold.texts.get(hana.file())!.version];
  hana.edit(['first\n']);
  hana.edit(['# before\n']);
  await hana.saved();
  // As somebody saw it who has none of these edits.
  const begun = hana.text().slice('# before\nfirst\n'.length);
  const marked = begun.slice(0, 5);
  expect(await hana.ask({ ...say(1), place: { file, version, from: 0, to: 5 } })).toBe('done');
  hana.edit(['# more\n']);
  await hana.saved();
  const late = (await Person.named(server.address, 'Late')).tab();
  await late.join(room, secret);
  const { from, to } = late.fold.texts.get(file)!.places!.get(messageId('message-1'))!;
  expect(late.text().slice(from, to)).toBe(marked);
  expect([from, to]).toEqual([22, 27]);
});

test.each([
  ['nothing but blanks', say(1, ' \n ')],
  ['a text that is too long', say(1, 'x'.repeat(LIMITS.chatUnits + 1))],
  ['half of a character', say(1, 'a\ud83d')],
  ['a reaction that there is not', { kind: 'chat.react', message: 'message-1', reaction: '💣', on: true }],
  ['somebody else as its author', { ...say(1), by: 'somebody-else-xxx' }],
])('%s is refused at the edge', async (_, body) => {
  const { hana } = await twoInARoom();
  expect(await hana.ask(body as CommandBody)).toMatchObject({
    code: /half/.test(_) ? 'text.half' : 'protocol.malformed',
  });
  expect(said(hana)).toEqual([]);
});

test('one person can say only so much in a minute, and another goes on', async () => {
  const { hana, gus } = await twoInARoom();
  for (let n = 0; n < LIMITS.chatPerMinute; n++) expect(await gus.ask(say(n))).toBe('done');
  expect(await gus.ask(say(1_000))).toMatchObject({ code: 'chat.tooOften' });
  expect(await hana.ask(say(1_001))).toBe('done');
});

/** All that reached a tab, however it was framed. */
function heardBy(tab: Tab): () => string {
  const heard: string[] = [];
  tab.socket.onAny((...message) => heard.push(JSON.stringify(message)));
  return () => [...heard, JSON.stringify(tab.welcome), JSON.stringify(tab.fold.toKeyframe())].join('\n');
}

/** What a tab was told of what hosts say. */
function talkTo(tab: Tab): { readonly told: readonly HostTalk[] } {
  const told: HostTalk[] = [];
  tab.socket.on('hostTalk', (talk) => told.push(talk));
  return { told };
}

test('what hosts say among themselves reaches no other client: live, resumed, anew, or sent again', async () => {
  const { room, secret, hana, gus } = await twoInARoom();
  const heard = heardBy(gus);
  const hers = talkTo(hana);
  const among = { ...say(1, 'SECRET one'), hosts: true } as const;
  const clientSeq = hana.command(among);
  await hana.until(() => hana.acknowledged.has(clientSeq) && hers.told.length > 0);
  hana.command(among, clientSeq);
  const reaction = { kind: 'chat.react', message: messageId('message-1'), reaction: '👍', on: true } as const;
  expect(await gus.ask(reaction)).toMatchObject({ code: 'chat.unknown' });
  expect(await gus.ask({ ...say(2, 'x'), hosts: true })).toMatchObject({ code: 'role.host' });
  for (const body of [
    { kind: 'chat.edit', message: messageId('message-1'), text: 'SECRET two' },
    { kind: 'chat.react', message: messageId('message-1'), reaction: '🎉', on: true },
    { ...say(3, 'SECRET three'), hosts: true },
    { kind: 'chat.delete', message: messageId('message-3') },
    say(4, 'open'),
  ] as const)
    expect(await hana.ask(body)).toBe('done');
  await gus.until(() => said(gus).length === 1);
  expect(gus.fold.seq).toBe(hana.fold.seq);
  gus.connect(server.address);
  const again = heardBy(gus);
  await gus.rejoin();
  const late = (await Person.named(server.address, 'Late')).tab();
  const anew = heardBy(late);
  await late.join(room, secret);
  expect(said(late)).toEqual(['open']);
  for (const all of [heard(), again(), anew()]) {
    expect(all).not.toMatch(/SECRET|🎉|message-1"|message-3"/);
    expect(all).not.toContain('hostTalk');
  }
  // Nor does a host's copy of the log have it.
  expect(JSON.stringify(hana.fold.toKeyframe())).not.toContain('SECRET');
});

test('whoever becomes host is told what hosts said, and whoever is host no more hears nothing of it', async () => {
  const { hana, gus } = await twoInARoom();
  const his = talkTo(gus);
  const { participant } = gus.person;
  expect(await hana.ask({ ...say(1, 'SECRET one'), hosts: true })).toBe('done');
  expect(await hana.ask({ kind: 'member.role', participant: participant.id, role: 'host' })).toBe('done');
  expect(await hana.ask({ ...say(2, 'SECRET two'), hosts: true })).toBe('done');
  await gus.until(() => gus.fold.seq === hana.fold.seq);
  expect(his.told).toMatchObject([
    { kind: 'whole', messages: [{ text: 'SECRET one' }] },
    { kind: 'events', events: [{ body: { text: 'SECRET two' } }] },
  ]);
  expect(await hana.ask({ kind: 'member.role', participant: participant.id, role: 'editor' })).toBe('done');
  expect(await hana.ask({ ...say(3, 'SECRET three'), hosts: true })).toBe('done');
  await gus.until(() => gus.fold.seq === hana.fold.seq);
  expect(his.told.slice(2)).toEqual([{ kind: 'whole', messages: [] }]);
  hana.connect(server.address);
  const hers = talkTo(hana);
  await hana.rejoin();
  await expect
    .poll(() => hers.told)
    .toMatchObject([
      { kind: 'whole', messages: [{ text: 'SECRET one' }, { text: 'SECRET two' }, { text: 'SECRET three' }] },
    ]);
});
