import { expect, test } from 'vitest';
import { describeInBrowser, useSharedWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';

describeInBrowser('links and roles', () => {
  const world = useSharedWorld();

  async function hostAlone() {
    const ada = await world.regular('Ada');
    const id = await ada.createRoom('python');
    return { ada, id, host: await RoomPage.open(ada, id) };
  }

  async function refusedWith(name: string, path: string, title: string) {
    const person = await world.regular(name);
    // From an address that differs in its fragment alone nothing would be loaded.
    await person.page.goto('about:blank');
    await person.page.goto(path);
    await person.page.getByRole('heading', { name: title }).waitFor();
  }

  test('a room does not open without a link', async () => {
    const { id } = await hostAlone();
    await refusedWith('Mallory', `/r/${id}`, 'You need a link to come in');
    await refusedWith('Mallory', `/r/${id}#${'x'.repeat(22)}`, 'You need a link to come in');
  });

  test('someone without a name is told who invites to what, is asked for one, then is in', async () => {
    const { ada, id, host } = await hostAlone();
    const share = await host.openShare();
    const link = await share.getByRole('textbox', { name: 'Link for editing' }).inputValue();
    await host.press('Escape');
    const grace = await world.stranger('Grace');
    await grace.page.goto(await ada.link(id, 'viewer'));
    await grace.page.getByRole('heading', { name: 'Ada invites you to “Untitled”' }).waitFor();
    await grace.page.getByText('You come as a viewer').waitFor();
    await grace.page.goto(link);
    await grace.page.reload();
    await grace.page.getByText('You come as an editor').waitFor();
    await grace.page.getByRole('textbox', { name: 'Your name' }).fill('Grace');
    await grace.page.keyboard.press('Enter');
    await RoomPage.arrived(grace);
    await (await host.showPeople()).getByText('Grace').waitFor();
  });

  test('the links can be told apart, and are said to open on this computer only', async () => {
    const { host } = await hostAlone();
    const share = await host.openShare();
    const address = (title: string) => share.getByRole('textbox', { name: title }).inputValue();
    expect(await address('Link for editing')).toMatch(/#edit-[\w-]{22}$/);
    expect(await address('Link for viewing')).toMatch(/#view-[\w-]{22}$/);
    await share.getByText('These links open on this computer only.').waitFor();
    await share.getByText('HOST=0.0.0.0').waitFor();
  });

  test('a link that admits nobody says so before a name is asked for', async () => {
    const { ada, id, host } = await hostAlone();
    const link = await ada.link(id, 'editor');
    const share = await host.openShare();
    await share.getByRole('button', { name: 'Close to newcomers' }).click();
    await share.getByText('Closed to newcomers').waitFor();
    const grace = await world.stranger('Grace');
    grace.expectTrouble(/Failed to load resource.*403/);
    await grace.page.goto(link);
    await grace.page.getByRole('heading', { name: 'The room is closed to newcomers' }).waitFor();
    expect(await grace.page.getByRole('textbox').count()).toBe(0);
  });

  test('a revoked link admits nobody; who is in stays, and the new link works', async () => {
    const { ada, id, host } = await hostAlone();
    const old = await ada.link(id, 'editor');
    const grace = await world.regular('Grace');
    const guest = await RoomPage.open(grace, old);

    const share = await host.openShare();
    await share.getByRole('button', { name: 'Revoke link for editing' }).click();
    await host.page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await expect.poll(() => ada.link(id, 'editor')).not.toBe(old);

    await refusedWith('Mallory', old, 'This link was revoked');
    await guest.typeAtStart('# still here\n');
    await guest.untilSaved();
    const linus = await world.regular('Linus');
    await RoomPage.open(linus, await ada.link(id, 'editor'));
  });

  test('a closed room admits no newcomers, and takes back those who were in', async () => {
    const { ada, id, host } = await hostAlone();
    const link = await ada.link(id, 'editor');
    const grace = await world.regular('Grace');
    await RoomPage.open(grace, link);
    const share = await host.openShare();
    await share.getByRole('button', { name: 'Close to newcomers' }).click();
    await share.getByText('Closed to newcomers').waitFor();

    await refusedWith('Linus', link, 'The room is closed to newcomers');
    await grace.page.reload();
    await RoomPage.arrived(grace);
  });

  test('the host makes an editor a viewer, and a viewer a host', async () => {
    const { ada, id, host } = await hostAlone();
    const grace = await world.regular('Grace');
    const guest = await RoomPage.open(grace, await ada.link(id, 'editor'));
    const people = await host.showPeople();

    await people.getByRole('button', { name: 'Manage Grace' }).click();
    await host.page.getByRole('menuitemradio', { name: /^Viewer/ }).click();
    await guest.page.getByText('You are viewing.').waitFor();

    await people.getByRole('button', { name: 'Manage Grace' }).click();
    await host.page.getByRole('menuitemradio', { name: /^Host/ }).click();
    const share = await guest.openShare();
    await share.getByRole('textbox', { name: 'Link for editing' }).waitFor();
  });

  test('someone who is removed is told, and cannot come back', async () => {
    const { ada, id, host } = await hostAlone();
    const link = await ada.link(id, 'editor');
    const grace = await world.regular('Grace');
    await RoomPage.open(grace, link);
    const people = await host.showPeople();
    await people.getByRole('button', { name: 'Manage Grace' }).click();
    await host.page.getByRole('menuitem', { name: 'Remove from room…' }).click();
    await host.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await grace.page.getByRole('heading', { name: 'You were removed from this room' }).waitFor();
    await grace.page.goto(link);
    await grace.page.reload();
    await grace.page.getByRole('heading', { name: 'You were removed from this room' }).waitFor();
  });
});
