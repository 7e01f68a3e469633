/** From the moment somebody cancels a run to its end. */
import type { Bed } from '../bed.ts';
import { byTurns, check, type Goal, type Line, spread, withinPatience } from '../measure.ts';
import { IGNORES, WAITS } from '../programs.ts';
import type { WayName } from '../way.ts';

export function cancelLine(goals: readonly Goal[]): Line {
  return {
    title: 'Cancel to end',
    metrics: [
      { what: 'to the end, p50', unit: 'ms', goals },
      { what: 'to the end, p95', unit: 'ms' },
      { what: 'of a program that ignores the signal, p50', unit: 'ms' },
    ],
    async measure(bed, ways, size) {
      // What goes on in a container is not ended by whoever has asked the engine for it.
      const able = ways.filter((way) => way !== 'docker-exec');
      const plain = await byTurns(bed, able, size.interpreted, (way) => cancel(bed, way, WAITS), spread);
      const deaf = ways.filter((way) => way === 'runner' || way === 'client');
      const ignoring = await byTurns(bed, deaf, size.others, (way) => cancel(bed, way, IGNORES), spread);
      return new Map(
        able.map((way) => {
          const { figures, fault } = plain.get(way)!;
          const other = ignoring.get(way);
          return [
            way,
            { figures: [...figures, other?.figures[0] ?? null], fault: fault ?? other?.fault ?? null },
          ];
        }),
      );
    },
  };
}

async function cancel(bed: Bed, way: WayName, text: string): Promise<number> {
  const start = await bed.ways[way].prepare({ language: 'python', text });
  const going = start();
  await withinPatience(Promise.race([going.spoke, going.ended]));
  const stoppedAt = performance.now();
  going.stop();
  const ended = await withinPatience(going.ended);
  check(ended, 'up\n');
  return ended.endedAt - stoppedAt;
}
