/** What a line of this bench finds, and how it is told. */
import type { Machine } from '../lib/machine.ts';
import { duration, rate, table } from '../lib/table.ts';

/** `share`: 0 to 1. `times`: a ratio. */
type Unit = 'ms' | 'share' | 'bytes' | 'bytesPerSecond' | 'count' | 'times';

/** A table: of each row the figures by its columns; null where there is none. */
export type Found = {
  readonly title: string;
  readonly columns: readonly { readonly what: string; readonly unit: Unit }[];
  readonly rows: readonly { readonly name: string; readonly figures: readonly (number | null)[] }[];
  /** What went wrong, a sentence each. */
  readonly faults?: readonly string[];
};

export function asText(made: Machine, found: readonly Found[]): string {
  const tables = found.map(({ title, columns, rows, faults = [] }) => {
    const head = [title, ...columns.map(({ what }) => what)];
    const cells = rows.map(({ name, figures }) => [
      name,
      ...columns.map(({ unit }, i) => shown(figures[i] ?? null, unit)),
    ]);
    return [table(head, cells), ...faults].join('\n');
  });
  return [`${made.cpu}, ${made.cores} cores, load ${made.load}`, ...tables].join('\n\n');
}

function shown(figure: number | null, unit: Unit): string {
  if (figure === null) return '–';
  switch (unit) {
    case 'ms':
      return duration(figure);
    case 'share':
      return `${(figure * 100).toFixed(1)} %`;
    case 'bytes':
      return `${(figure / 1e6).toFixed(0)} MB`;
    case 'bytesPerSecond':
      return `${rate(figure)} bytes`;
    case 'count':
      return String(figure);
    case 'times':
      return `${figure.toFixed(2)} ×`;
  }
}
