// Where the product is on its server. The page finds out by where its own script came from, so that one build serves
// below any path.

/** The path below which everything of this server is, with a slash at both ends; `/` for most. */
export const BASE = new URL(import.meta.env.PROD ? '../' : '/', import.meta.url).pathname;

/** The address on this server of what is at `path` below the base. `path` begins without a slash. */
export function at(path: string): string {
  return BASE + path;
}
