/** Fetches what a room needs, all at once. A failure shows again, and is told, when the room opens. */
export function preloadRoom(): void {
  for (const part of [import('./RoomRoute.tsx'), import('../editor/Editor.tsx')]) part.catch(() => undefined);
}
