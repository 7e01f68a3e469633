// The parts of the page that a room needs, each fetched apart.
import { lazily } from '../ui/lazily.tsx';
import { Editor } from './room/lazy-editor.ts';

export const RoomRoute = lazily(async () => (await import('./RoomRoute.tsx')).default);

/**
 * Fetches them, all at once. Resolves when what a room begins with is there, or could not be fetched. A failure comes again
 * when the room opens, and is told then.
 */
export async function preloadRoom(): Promise<void> {
  Editor.preload().catch(() => undefined);
  await RoomRoute.preload().catch(() => undefined);
}
