// What /metrics says, as numbers.

export type Scrape = {
  /** The value of a series; NaN when there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number;
  readonly text: string;
};

export async function scrape(address: string, token: string): Promise<Scrape> {
  const response = await fetch(`${address}/metrics`, { headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`);
  const text = await response.text();
  const series = new Map<string, number>();
  for (const line of text.split('\n')) {
    const found = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (found !== null) series.set(key(found[1]!, labelsOf(found[2] ?? '')), Number(found[3]));
  }
  return { text, value: (name, labels = {}) => series.get(key(name, labels)) ?? Number.NaN };
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}

function key(name: string, labels: Readonly<Record<string, string>>): string {
  return [
    name,
    ...Object.entries(labels)
      .map((pair) => pair.join('='))
      .sort(),
  ].join(' ');
}
