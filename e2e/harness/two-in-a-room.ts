import type { Language } from '@codesync/protocol';
import { RoomPage } from '../pages/room-page.ts';
import type { World } from './world.ts';

/** Two regulars, each at a page of the same new room: Ada, its host, and Grace, an editor; and a witness of Ada's. */
export async function twoInARoom({ regular }: Pick<World, 'regular'>, language: Language = 'python') {
  const [ada, grace] = await Promise.all([regular('Ada'), regular('Grace')]);
  const id = await ada.createRoom(language);
  const [hers, theirs] = await Promise.all([
    RoomPage.open(ada, id),
    RoomPage.open(grace, await ada.link(id, 'editor')),
  ]);
  return { ada, id, hers, theirs, witness: await ada.witness(id) };
}
