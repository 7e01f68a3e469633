// What a room in memory keeps of its log.
import type { Op } from '@codesync/ot';
import { LIMITS, type RoomEvent } from '@codesync/protocol';
import { clientId, fileId, runId } from '@codesync/protocol/testing';
import { RoomFold } from '@codesync/room';
import { describe, expect, test } from 'vitest';
import { KeyframePolicy } from '../../src/rooms/keyframes.ts';
import { RecentEvents } from '../../src/rooms/recent-events.ts';

function edit(seq: number, file: string, version: number, op: Op, client?: string): RoomEvent {
  const origin = client === undefined ? {} : { origin: { client: clientId(client), clientSeq: seq } };
  return { seq, at: 0, actor: null, ...origin, body: { kind: 'edit', file: fileId(file), version, op } };
}

describe('keyframes', () => {
  const output = (seq: number, units: number): RoomEvent => ({
    seq,
    at: 1_000,
    actor: null,
    body: { kind: 'run.output', run: runId('run-one1'), stream: 'stdout', text: 'x'.repeat(units) },
  });

  test('are due after so many events, so much output, or so long', () => {
    const policy = new KeyframePolicy();
    expect(policy.dueIn(1_000)).toBeNull();
    policy.note(output(1, 1));
    expect(policy.dueIn(1_000)).toBe(LIMITS.keyframeMs);
    policy.note(output(2, LIMITS.keyframeOutputUnits));
    expect(policy.dueIn(1_000)).toBe(0);
    policy.begin();
    expect(policy.dueIn(1_000)).toBeNull();
    for (let i = 0; i < LIMITS.keyframeEvents; i++) policy.note(output(i, 1));
    expect(policy.dueIn(1_000)).toBe(0);
  });

  test('of rooms with megabytes are made seldom', () => {
    const policy = new KeyframePolicy();
    const file = { id: fileId('a'), path: 'a.py', language: null, blob: null, version: 1 };
    const of = (units: number) => ({
      ...new RoomFold().toKeyframe(),
      files: [{ ...file, text: 'x'.repeat(units) }],
    });
    for (let i = 0; i < LIMITS.keyframeEvents; i++) policy.note(output(i, 1));
    policy.wrote(of(2_500_000), 1_000);
    expect(policy.dueIn(1_000)).toBe(5_000);
    policy.wrote(of(10_000), 1_000);
    expect(policy.dueIn(1_000)).toBe(20);
  });
});

describe('recent events', () => {
  test('are a window that ends at the newest, and never loses what is not durable', () => {
    const recent = new RecentEvents(10);
    for (let seq = 11; seq <= 2_010; seq++) recent.push(edit(seq, 'a', seq, ['x'], 'me'), 1);
    recent.trim(500);
    expect(recent.before).toBe(500);
    recent.trim(2_010);
    const kept = 2_010 - recent.before;
    expect(kept).toBeLessThan(1_000);
    expect(recent.between(recent.before - 1, 2_010)).toBeNull();
    expect(recent.between(recent.before, 2_010)).toHaveLength(kept);
    expect(recent.between(2_000, 2_003)!.map(({ seq }) => seq)).toEqual([2_001, 2_002, 2_003]);
    expect(recent.between(2_010, 2_010)).toEqual([]);
    expect(recent.ofOrigin(clientId('me'), 2_005)!.seq).toBe(2_005);
    expect(recent.ofOrigin(clientId('you'), 2_005)).toBeNull();
  });
});
