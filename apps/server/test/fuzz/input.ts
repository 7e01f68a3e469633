import type { Random } from './random.ts';
import type { Scene } from './scene.ts';

/** One way to be hostile. It ends its own connections, and returns how many things it sent: 0 when it was not let in. */
export type Input = {
  readonly kind: string;
  /** How often it comes, relative to the others. */
  readonly weight: number;
  run(scene: Scene, random: Random): Promise<number>;
};
