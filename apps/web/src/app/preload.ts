/** Fetches what a room needs, all at once. A failure comes again when the room opens, and is told then. */
export function preloadRoom(): void {
  for (const part of [import('./RoomRoute.tsx'), import('../editor/Editor.tsx')]) part.catch(() => undefined);
}
