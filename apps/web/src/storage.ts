// This browser's memory for small things. It may be blocked, full or missing, and browsers throw different errors to
// say so. Then nothing is remembered, and nothing breaks.

/** What was kept under `key`, or `fallback` when there is nothing readable. */
export function recall<T>(key: string, read: (value: unknown) => T | null, fallback: T): T {
  try {
    const text = localStorage.getItem(key);
    return text === null ? fallback : (read(JSON.parse(text)) ?? fallback);
  } catch {
    return fallback;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Blocked or full.
  }
}

/** Does something with a storage of the browser's; `otherwise` where there is none, or it refuses. */
export function withStorage<Result>(
  storage: () => Storage,
  use: (storage: Storage) => Result,
  otherwise: Result,
): Result {
  try {
    return use(storage());
  } catch {
    return otherwise;
  }
}

/** For libraries that keep something. What cannot be kept stays as it is for as long as the page is open. */
export const mildStorage = {
  getItem: (key: string) =>
    withStorage(
      () => localStorage,
      (storage) => storage.getItem(key),
      null,
    ),
  setItem: (key: string, value: string) =>
    withStorage(
      () => localStorage,
      (storage) => storage.setItem(key, value),
      undefined,
    ),
  removeItem: (key: string) =>
    withStorage(
      () => localStorage,
      (storage) => storage.removeItem(key),
      undefined,
    ),
};
