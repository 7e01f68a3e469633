import { refusal } from '@codesync/protocol';
import { clientId, roomId, settle } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { HANA, LOCAL, type Way } from '../support/actor.ts';
import { type AudienceStage, audienceContract, wordsOf } from '../support/audience-contract.ts';
import { FakeAudience, type FakeSeat } from '../support/fake-audience.ts';
import { REMOTE } from '../support/remote-room.ts';
import { socketAudience } from '../support/socket-audience.ts';

function wordsFor({ notes }: FakeSeat): string[] {
  return notes.flatMap((note) => {
    switch (note.kind) {
      case 'welcome':
        return [wordsOf.welcome, ...wordsOf.events(note.missed)];
      case 'events':
      case 'told':
        return wordsOf.events(note.events);
      case 'refused':
        return wordsOf.refused(note.clientSeq);
      case 'presence':
        return wordsOf.presence(note.entries);
      case 'terminal':
        return wordsOf.terminal(note.frame);
      case 'terminalState':
        return wordsOf.terminalState(note.state);
      case 'hostTalk':
        return wordsOf.hostTalk(note.talk);
      case 'terminalScreen':
        return wordsOf.terminalScreen(note.screen);
      case 'summons':
        return wordsOf.summons(note.summons.number);
      case 'disk':
        return wordsOf.disk(note.disk);
      case 'call':
        return wordsOf.call(note.state);
      case 'signal':
        return wordsOf.signal(note.signal);
      default:
        return wordsOf[note.kind];
    }
  });
}

async function inMemory(way: Way): Promise<AudienceStage> {
  const fake = new FakeAudience();
  return {
    audience: way.audience(fake),
    seat: async (room, client) => {
      const seat = fake.seat(room, HANA, clientId(client));
      return { seat: seat.seat, heard: () => wordsFor(seat), leave: async () => fake.giveBack(seat) };
    },
    quiet: () => settle(),
    close: async () => {},
  };
}

audienceContract('over WebSockets', () => socketAudience('websocket'));
audienceContract('over polling', () => socketAudience('polling'));
audienceContract('in memory', () => inMemory(LOCAL));
audienceContract('in memory, over JSON', () => inMemory(REMOTE));

test('each join by a socket has a seat of its own, and the one before is given back', async () => {
  const stage = await socketAudience('websocket');
  const page = await stage.seat(roomId('room-1234567890-abcdef'), 'client-a-12345678');
  const again = await page.joinAgain();
  expect(again.id).not.toBe(page.seat.id);
  stage.audience.to(page.seat, { kind: 'refused', clientSeq: 1, error: refusal('edit.invalid') });
  stage.audience.to(again, { kind: 'dismissed', error: refusal('room.removed') });
  await stage.quiet();
  expect(page.heard()).toEqual([wordsOf.dismissed]);
  await stage.close();
});
