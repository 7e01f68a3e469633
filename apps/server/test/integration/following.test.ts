// Following at the server: what is asked of others' screens, over sockets; and who is told of what is in sight.
import {
  type GuideReply,
  type GuideRequest,
  JUST_HERE,
  type Leading,
  LIMITS,
  type Summons,
} from '@codesync/protocol';
import { expect, test } from 'vitest';
import { Person, type Tab } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

/** What a tab is told of this beside the log. */
class Told {
  readonly leading: (Leading | null)[] = [];
  readonly summons: Summons[] = [];

  constructor({ socket }: Tab) {
    socket.on('leading', (leading) => void this.leading.push(leading));
    socket.on('summons', (summons) => void this.summons.push(summons));
  }
}

async function three() {
  const host = await Person.named(server.address, 'Hana');
  const room = await host.createRoom();
  const links = await host.links(room);
  const hana = host.tab();
  await hana.join(room);
  const come = async (name: string, secret: string) => {
    const tab = (await Person.named(server.address, name)).tab();
    await tab.join(room, secret);
    return tab;
  };
  return {
    room,
    links,
    come,
    hana,
    gus: await come('Gus', links.editor),
    eve: await come('Eve', links.viewer),
  };
}

/** The code of the refusal, or “done”. */
async function guide({ socket }: Tab, request: GuideRequest): Promise<string> {
  const reply: GuideReply = await socket.emitWithAck('guide', request);
  return reply.ok ? 'done' : reply.error.code;
}

test('[INV8] a host and the driver ask everyone to follow, and nobody else does', async () => {
  const { hana, gus, eve, come, links } = await three();
  const told = new Told(eve);
  const on = { kind: 'lead', on: true } as const;
  expect([await guide(gus, on), await guide(eve, on)]).toEqual(['lead.notYours', 'lead.notYours']);
  expect(await guide(hana, on)).toBe('done');
  await expect.poll(() => told.leading.at(-1)?.by).toBe(hana.person.participant.id);
  const late = await come('Late', links.viewer);
  expect(late.welcome?.leading?.by).toBe(hana.person.participant.id);
  expect(Math.abs(late.welcome!.now - Date.now())).toBeLessThan(60_000);
  expect(await gus.ask({ kind: 'driver.set', driver: gus.person.participant.id })).toBe('done');
  expect(await guide(gus, on)).toBe('done');
  await expect.poll(() => told.leading.at(-1)?.by).toBe(gus.person.participant.id);
  expect(await guide(gus, { kind: 'lead', on: false })).toBe('done');
  await expect.poll(() => told.leading.at(-1)).toBeNull();
  expect(told.leading.length).toBe(3);
});

test('[INV8] somebody is asked to come by those who may edit, and not more often than they may', async () => {
  const { hana, gus, eve } = await three();
  const [told, own] = [new Told(gus), new Told(hana)];
  const place = { file: hana.file(), version: 0, at: 2 };
  const bring = { kind: 'bring', whom: gus.person.participant.id, place } as const;
  expect(await guide(eve, bring)).toBe('role.viewer');
  const answers: string[] = [];
  for (let i = 0; i <= LIMITS.guidesPerMinute; i++) answers.push(await guide(hana, bring));
  expect(answers.slice(0, -1)).toEqual(Array(LIMITS.guidesPerMinute).fill('done'));
  expect(answers.at(-1)).toBe('guide.tooOften');
  await expect.poll(() => told.summons.length).toBe(LIMITS.guidesPerMinute);
  expect(told.summons[0]).toEqual({ number: 1, by: hana.person.participant.id, place });
  expect(own.summons).toEqual([]);
  // What one may do too often takes nothing from another.
  expect(await guide(gus, { ...bring, whom: null })).toBe('done');
});

test.each<[what: string, request: unknown]>([
  ['no request', null],
  ['a wish of its own', { kind: 'drag', whom: null }],
  [
    'a place before the text',
    { kind: 'bring', whom: null, place: { file: 'file-main', version: 0, at: -1 } },
  ],
  [
    'a whole text for a place',
    { kind: 'bring', whom: null, place: { file: 'file-main', version: 0, at: 0, text: 'x' } },
  ],
])('%s is refused', async (_, request) => {
  const { hana } = await three();
  expect(await guide(hana, request as GuideRequest)).toBe('protocol.malformed');
});

test('what somebody has in sight, and the terminal that they look at, is told to the others as it was said', async () => {
  const { hana, gus } = await three();
  const viewport = { file: hana.file(), version: 0, from: 0, to: 4 };
  const activity = { ...JUST_HERE, following: gus.person.participant.id };
  hana.socket.emit('presence', { clock: 1, cursors: null, viewport, activity });
  await gus.until(() => gus.presence.get(hana.client)?.viewport?.to === 4);
  expect(gus.presence.get(hana.client)).toMatchObject({ viewport, activity });
  hana.disconnect();
  await gus.until(() => gus.presence.get(hana.client)?.gone === true);
  expect(gus.presence.get(hana.client)).toMatchObject({ viewport: null, activity: JUST_HERE });
});

test('[INV8] the driver’s seat is refused with a sentence to whom it is not given', async () => {
  const { hana, gus, eve } = await three();
  const drive = ({ person }: Tab) => ({ kind: 'driver.set', driver: person.participant.id }) as const;
  expect(await gus.ask(drive(gus))).toBe('done');
  expect(await gus.ask(drive(eve))).toMatchObject({ code: 'driver.cannot' });
  expect(await eve.ask(drive(eve))).toMatchObject({ code: 'role.viewer' });
  expect(await hana.ask(drive(hana))).toBe('done');
  expect(await gus.ask(drive(gus))).toMatchObject({
    code: 'driver.notYours',
    message: expect.stringContaining('Ask the driver'),
  });
});
