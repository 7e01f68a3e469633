import { describe, expect, test } from 'vitest';
import { BuildProgress } from '../../src/build-progress.ts';

describe('how far a build is', () => {
  test('rises through base, packages, Go’s library and the agent, and never falls', () => {
    const reader = new BuildProgress();
    const lines = [
      'Step 1/9 : FROM debian:trixie-slim',
      'Step 3/9 : RUN apt-get install',
      '0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.',
      'Get:1 http://host/debian trixie/main amd64 gcc amd64 14.2 [5 kB]',
      'Unpacking gcc (14.2) ...',
      'Setting up gcc (14.2) ...',
      '\u001b[91minternal/abi',
      'crypto/tls\u001b[0m',
      'Step 4/9 : COPY x y',
      'Step 9/9 : ENTRYPOINT ["x"]',
    ];
    const seen = lines.map((line) => reader.line(line));
    expect(seen.map((progress) => progress?.step)).toEqual([
      'Base system',
      'Base system',
      ...Array.from({ length: 4 }, () => 'Languages'),
      ...Array.from({ length: 2 }, () => 'Go standard library'),
      ...Array.from({ length: 2 }, () => 'Agent'),
    ]);
    const percents = seen.map((progress) => progress?.percent ?? -1);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(percents.at(-1)).toBe(99);
  });

  test('names what is done without naming where it comes from', () => {
    const reader = new BuildProgress();
    reader.line('0 upgraded, 3 newly installed, 0 to remove and 0 not upgraded.');
    expect(reader.line('Get:1 http://host/debian trixie/main amd64 gcc amd64 14.2 [5 kB]')?.detail).toBe(
      'Fetching gcc',
    );
    expect(reader.line('Setting up gcc (4:14.2) ...')?.detail).toBe('Setting up gcc');
    expect(reader.line('Fetched 5286 kB in 0s')).toBeNull();
  });
});
