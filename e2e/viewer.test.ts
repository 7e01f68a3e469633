import { expect, test } from 'vitest';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

describeInBrowser('a viewer', () => {
  const world = useSharedWorld();

  async function hostAndViewer() {
    const [ada, grace] = await Promise.all([world.regular('Ada'), world.regular('Grace')]);
    const id = await ada.createRoom('python');
    const link = await ada.link(id, 'viewer');
    const [host, viewer] = await Promise.all([RoomPage.open(ada, id), RoomPage.open(grace, link)]);
    return { host, viewer, ada, grace, id, witness: await ada.witness(id) };
  }

  test('reads along, and is told that reading is what they may do', async () => {
    const { host, viewer } = await hostAndViewer();
    await viewer.page.getByText('You are viewing.').waitFor();
    await host.typeAtStart('# for all to read\n');
    await viewer.untilShown('# for all to read');
  });

  test('cannot type, run, or touch files', async () => {
    const { viewer, witness } = await hostAndViewer();
    const before = witness.text('main.py');
    await viewer.type('not mine to write');
    expect(await viewer.run.getAttribute('aria-disabled')).toBe('true');
    expect(await viewer.page.getByRole('button', { name: 'New file' }).count()).toBe(0);
    expect(await viewer.page.getByRole('button', { name: /^Language/ }).count()).toBe(0);
    await viewer.page.getByRole('contentinfo').getByText('Python', { exact: true }).waitFor();
    await viewer.page.waitForTimeout(500);
    expect(await viewer.shown()).not.toContain('not mine to write');
    expect(witness.text('main.py')).toBe(before);
  });

  test('[INV8] is refused by the server, whatever their page sends', async () => {
    const { grace, id, witness } = await hostAndViewer();
    const other = await grace.witness(id);
    const file = other.fileId('main.py');
    const refusal = await other.send({ kind: 'edit', file, base: 0, op: ['sneaky '] });
    expect(refusal).toMatchObject({ code: 'role.viewer' });
    expect(await other.send({ kind: 'run.start', entry: file })).toMatchObject({ code: 'role.viewer' });
    expect(witness.text('main.py')).not.toContain('sneaky');
  });

  test('asks to edit, is let, and types', async () => {
    const { host, viewer } = await hostAndViewer();
    await viewer.page.getByRole('button', { name: 'Ask to edit' }).click();
    await viewer.page.getByText('The host has been asked').waitFor();
    const people = await host.showPeople();
    await people.getByRole('button', { name: 'Grace' }).filter({ hasText: 'Grant' }).click();
    await viewer.page.getByText('You are viewing').waitFor({ state: 'detached' });
    await viewer.typeAtStart('# now I may\n');
    await host.untilShown('# now I may');
  });
});
