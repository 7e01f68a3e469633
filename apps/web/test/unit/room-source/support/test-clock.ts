// Time that the test moves, and chance from a seed.
import { Random } from '@codesync/ot/testing';
import { ManualClock } from '@codesync/protocol/testing';
import type { Clock } from '../../../../src/room-source/clock.ts';

export class TestClock extends ManualClock implements Clock {
  readonly random: () => number;

  constructor(random = new Random(1)) {
    super();
    this.random = () => random.next();
  }
}
