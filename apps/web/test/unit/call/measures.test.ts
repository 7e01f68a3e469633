// What is sent by how many people there are, how well somebody is heard, and who speaks.
import { LIMITS } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { sendLimits } from '../../../src/call/bitrates.ts';
import { loudness } from '../../../src/call/level.ts';
import { qualityOf, type Sample } from '../../../src/call/quality.ts';
import { levelOf, sampleOf } from '../../../src/call/samples.ts';
import { nextSpeaking, QUIET } from '../../../src/call/speaking.ts';

describe('what may be sent', () => {
  test('is a large picture to one other, and small ones to five', () => {
    expect(sendLimits(2).camera).toEqual({ bitsPerSecond: 1_500_000, framesPerSecond: 30, height: 720 });
    expect(sendLimits(6).camera.bitsPerSecond).toBe(250_000);
  });

  test('never grows with the number of people, nor does what all of it takes of the line much', () => {
    for (let people = 2; people <= LIMITS.callMembers; people++) {
      const [fewer, more] = [sendLimits(people), sendLimits(people + 1)];
      for (const kind of ['camera', 'screen'] as const) {
        expect(more[kind].bitsPerSecond).toBeLessThanOrEqual(fewer[kind].bitsPerSecond);
        expect(more[kind].height).toBeLessThanOrEqual(fewer[kind].height);
      }
      expect(fewer.camera.bitsPerSecond * (people - 1)).toBeLessThanOrEqual(2_000_000);
    }
    expect(sendLimits(1)).toEqual(sendLimits(2));
  });
});

const sample = (change: Partial<Sample> = {}): Sample => ({
  at: 0,
  received: 0,
  lost: 0,
  bytes: 0,
  rttMs: 40,
  relayed: false,
  limited: null,
  ...change,
});

describe('the quality', () => {
  test.each([
    ['nothing of note', { received: 100, lost: 1 }, 'good', null],
    ['some loss', { received: 95, lost: 5 }, 'fair', 'loss'],
    ['much loss', { received: 80, lost: 20 }, 'poor', 'loss'],
    ['a long way', { received: 100, rttMs: 400 }, 'fair', 'delay'],
    ['a very long way', { received: 100, rttMs: 900 }, 'poor', 'delay'],
    ['a long way by a relay', { received: 100, rttMs: 400, relayed: true }, 'fair', 'relay'],
    ['a relay that is near', { received: 100, relayed: true }, 'good', null],
    ['more loss than delay', { received: 80, lost: 20, rttMs: 400 }, 'poor', 'loss'],
  ] as const)('of %s', (_, after, level, cause) => {
    expect(qualityOf(sample(), sample(after))).toMatchObject({ level, cause });
  });

  test('is told of what keeps the own picture small, if that lasts', () => {
    const slow = sample({ limited: 'cpu' });
    expect(qualityOf(slow, slow)).toMatchObject({ level: 'fair', cause: 'cpu' });
    expect(qualityOf(sample(), slow)).toMatchObject({ level: 'good', cause: null });
    const narrow = sample({ limited: 'bandwidth' });
    expect(qualityOf(narrow, narrow)).toMatchObject({ level: 'fair', cause: 'bandwidth' });
  });

  test('counts between the samples only, and survives counters that begin anew', () => {
    const before = sample({ received: 10_000, lost: 5_000 });
    expect(qualityOf(before, sample({ received: 10_100, lost: 5_000 })).loss).toBe(0);
    expect(qualityOf(before, sample({ received: 10, lost: 0 })).loss).toBe(0);
  });

  test('is read from what a browser counts', () => {
    const reports = [
      { id: 'T', type: 'transport', selectedCandidatePairId: 'P', bytesReceived: 900 },
      {
        id: 'P',
        type: 'candidate-pair',
        localCandidateId: 'L',
        remoteCandidateId: 'R',
        currentRoundTripTime: 0.05,
      },
      { id: 'L', type: 'local-candidate', candidateType: 'host' },
      { id: 'R', type: 'remote-candidate', candidateType: 'relay' },
      { id: 'A', type: 'inbound-rtp', kind: 'audio', packetsReceived: 10, packetsLost: 1 },
      { id: 'V', type: 'inbound-rtp', kind: 'video', packetsReceived: 20, packetsLost: 2 },
      { id: 'O', type: 'outbound-rtp', qualityLimitationReason: 'cpu', active: true },
    ];
    expect(sampleOf(reports, 7)).toEqual({
      at: 7,
      received: 30,
      lost: 3,
      bytes: 900,
      rttMs: 50,
      relayed: true,
      limited: 'cpu',
    });
    expect(sampleOf([], 7)).toEqual(sample({ at: 7, rttMs: null }));
    expect(levelOf([{ id: 'M', type: 'media-source', audioLevel: 0.3 }])).toBe(0.3);
    expect(levelOf(reports)).toBeNull();
  });
});

describe('speaking', () => {
  test('begins at once, lasts over a pause, and ends with the microphone', () => {
    let speaking = nextSpeaking(QUIET, 0.1, 1_000);
    expect(speaking.speaking).toBe(true);
    speaking = nextSpeaking(speaking, 0, 1_800);
    expect(speaking.speaking).toBe(true);
    expect(nextSpeaking(speaking, 0, 2_000).speaking).toBe(false);
    expect(nextSpeaking(speaking, null, 1_801).speaking).toBe(false);
    expect(nextSpeaking(QUIET, 0.001, 1_000)).toBe(QUIET);
  });

  test('is measured as the root of the mean square', () => {
    expect(loudness(new Float32Array(8))).toBe(0);
    expect(loudness(new Float32Array([1, -1, 1, -1]))).toBe(1);
    expect(loudness(new Float32Array([0.5, -0.5]))).toBeCloseTo(0.5);
    expect(loudness(new Float32Array())).toBe(0);
  });
});
