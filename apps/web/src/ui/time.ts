// Times in words, the same everywhere on the page. Pure: the caller brings the clock.

/** How long something has lasted: “4 s”, “3 min”, “1 h 5 min”. */
export function forHowLong(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** A measured span: “12 ms”, “0.34 s”, “12.3 s”, “2 min 5 s”. */
export function span(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** When something was: “just now”, “5 minutes ago”, “yesterday”, “12 March”. */
export function ago(at: number, now: number, locale?: string): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'just now';
  const relative = new Intl.RelativeTimeFormat(locale ?? 'en', { numeric: 'auto' });
  if (minutes < 60) return relative.format(-minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return relative.format(-hours, 'hour');
  const days = Math.floor(hours / 24);
  if (days < 14) return relative.format(-days, 'day');
  return new Intl.DateTimeFormat(locale ?? 'en', { day: 'numeric', month: 'long', year: 'numeric' }).format(
    at,
  );
}

/** A size: “820 B”, “14 kB”, “9.4 MB”. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  if (count < 1_000_000) return `${Math.round(count / 1000)} kB`;
  const mega = count / 1_000_000;
  return mega < 100 ? `${mega.toFixed(1)} MB` : `${Math.round(mega)} MB`;
}

/** “14:03:27”, in this browser's own way. */
export function clock(at: number): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' }).format(at);
}

/** “14:03”, in this browser's own way. */
export function hourOf(at: number): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: 'short', hourCycle: 'h23' }).format(at);
}

/** A day: “Monday, 30 November”. */
export function dayOf(at: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale ?? 'en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  }).format(at);
}
