/** Bumped whenever a message changes its meaning; the server asks a client of another version to reload. */
export const PROTOCOL_VERSION = 9;
