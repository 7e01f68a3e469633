// This browser's memory for small things. It may be blocked or full: then nothing is remembered, and nothing breaks.

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
