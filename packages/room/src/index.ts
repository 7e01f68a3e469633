/** What a room is: its state as a fold over its log, and who is where in it. Pure. */
export * from './fold.ts';
export * from './presence.ts';
export * from './state.ts';
