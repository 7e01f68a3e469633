// What a kill may not take: everything that was acknowledged.
import { afterAll, expect, test } from 'vitest';
import { Person, type Tab } from '../support/client.ts';
import { dataFolder, ownProcess, type ServerProcess } from '../support/server.ts';

const data = dataFolder();
const running: ServerProcess[] = [];

function start(): ServerProcess {
  const server = ownProcess({ CODESYNC_DATA: data.path });
  running.push(server);
  return server;
}

async function kill(server: ServerProcess): Promise<void> {
  server.child.kill('SIGKILL');
  await server.exit;
}

afterAll(async () => {
  const last = running.at(-1)!;
  last.child.kill('SIGTERM');
  expect((await last.exit).code).toBe(0);
  data.remove();
});

/** Types until told to stop, one word at a time, as fast as words are acknowledged. */
async function typeWords(tab: Tab, name: string, stop: () => boolean): Promise<number> {
  let words = 0;
  while (!stop()) {
    tab.type(`${name}${words++} `);
    await Promise.race([tab.saved(), tab.until(() => !tab.socket.connected)]);
    if (!tab.socket.connected) break;
  }
  return words;
}

test('[INV2] [INV3] kill -9 in mid-burst, three times: nothing acknowledged is lost, nothing comes twice', async () => {
  let server = start();
  let address = await server.address;
  const host = await Person.named(address, 'Hana');
  const room = await host.createRoom();
  const links = await host.links(room);
  const hana = host.tab();
  await hana.join(room);
  const gus = (await Person.named(address, 'Gus')).tab();
  await gus.join(room, links.editor);
  const words = { h: 0, g: 0 };

  for (let round = 0; round < 3; round++) {
    const from = hana.fold.seq;
    const typing = [typeWords(hana, `h${round}.`, () => false), typeWords(gus, `g${round}.`, () => false)];
    await hana.until(() => hana.fold.seq > from + 40);
    await kill(server);
    const [h, g] = await Promise.all(typing);
    words.h += h!;
    words.g += g!;
    server = start();
    address = await server.address;
    for (const tab of [hana, gus]) {
      tab.connect(address);
      await tab.rejoin();
    }
    await Promise.all([hana.saved(), gus.saved()]);
  }

  const witness = host.at(address).tab();
  await witness.join(room);
  const head = witness.fold.seq;
  await Promise.all([hana, gus].map((tab) => tab.until(() => tab.fold.seq >= head)));
  expect(hana.text()).toBe(witness.text());
  expect(gus.text()).toBe(witness.text());
  const typed = witness.text().match(/[hg]\d+\.\d+ /g)!;
  expect(typed).toHaveLength(words.h + words.g);
  expect(new Set(typed).size).toBe(typed.length);
  for (const tab of [hana, gus, witness]) tab.disconnect();
});
