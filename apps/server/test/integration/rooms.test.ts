import { expect, test } from 'vitest';
import { Person } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

/** A room with its host inside, and a way to bring others. */
async function room() {
  const host = await Person.named(server.address, 'Hana');
  const id = await host.createRoom();
  const links = await host.links(id);
  const hostTab = host.tab();
  await hostTab.join(id);
  const guest = async (name: string, role: 'editor' | 'viewer' = 'editor') => {
    const tab = (await Person.named(server.address, name)).tab();
    await tab.join(id, links[role]);
    return tab;
  };
  return { id, links, host, hostTab, guest };
}

test('a new room starts with its language’s starter program', async () => {
  const { hostTab } = await room();
  expect(hostTab.text()).toContain('def greet');
  expect(hostTab.welcome!.you).toMatchObject({ name: 'Hana', role: 'host' });
});

test('two people who type at once end with the same text', async () => {
  const { hostTab, guest } = await room();
  const other = await guest('Gus');
  for (let i = 0; i < 50; i++) {
    hostTab.edit([`h${i} `]);
    other.type(`g${i} `);
    if (i % 10 === 0) await other.saved();
  }
  await Promise.all([hostTab.saved(), other.saved()]);
  const head = Math.max(hostTab.fold.seq, other.fold.seq);
  await Promise.all([hostTab, other].map((tab) => tab.until(() => tab.fold.seq >= head)));
  expect(hostTab.text()).toBe(other.text());
  expect(hostTab.text()).toContain('h49 ');
  expect(hostTab.text()).toContain('g49 ');
  expect(hostTab.repeats + other.repeats).toBe(0);
});
