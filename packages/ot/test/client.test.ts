import { describe, expect, test } from 'vitest';
import { sequel } from '../src/client.ts';
import {
  acknowledge,
  apply,
  edit,
  InvalidOpError,
  type LoggedEdit,
  openClient,
  pendingOp,
  remote,
  resend,
  restoreClient,
  storeClient,
} from '../src/index.ts';
import { property } from '../testing/property.ts';
import type { Random } from '../testing/random.ts';
import { randomKey, randomOp, randomText } from './support/generate.ts';
import {
  ack,
  erase,
  hear,
  is,
  Person,
  play,
  reconnect,
  refused,
  reload,
  sees,
  sent,
  type,
} from './support/person.ts';

describe('typing', () => {
  test('[CL1] the first edit goes out, the others wait and go out as one', () => {
    play(
      'abc',
      is('synchronized'),
      type(3, 'd'),
      is('awaiting-ack'),
      type(4, 'e'),
      type(5, 'f'),
      is('awaiting-ack-with-buffer'),
      sent([1, 0, [3, 'd']]),
      ack(),
      is('awaiting-ack'),
      sent([1, 0, [3, 'd']], [2, 1, [4, 'ef']]),
      ack(),
      is('synchronized'),
      sees('abcdef'),
    );
  });

  test('[CL7] a buffer of which nothing is left is not sent', () => {
    play(
      'abc',
      type(0, 'x'),
      type(1, 'y'),
      erase(1, 1),
      ack(),
      is('synchronized'),
      sent([1, 0, ['x']]),
      sees('xabc'),
    );
  });

  test('an edit that changes nothing is none', () => {
    expect(edit(openClient(3), [], 1)).toEqual({ client: openClient(3), send: null });
  });
});

describe('hearing', () => {
  test('[CL3] with nothing pending, a remote edit is shown as it is', () => {
    play('abc', hear(1, 'x'), sees('axbc'), is('synchronized'));
  });

  test('[CL3] with an edit in flight', () => {
    play('abc', type(1, 'mine'), hear(1, 'theirs'), sees('aminetheirsbc'), ack(), is('synchronized'));
  });

  test('[CL3] with a buffer: it goes out for the text as it is by then', () => {
    play(
      'abc',
      type(0, '1'),
      type(4, '2'),
      hear(1, -1, 1, 'z'),
      sees('1ac2z'),
      ack(),
      sent([1, 0, ['1']], [2, 2, [3, '2']]),
    );
  });

  test('[CL4] only the next version is taken in', () => {
    const client = openClient(4);
    expect([3, 4, 5, 6].map((version) => sequel(client, version))).toEqual(['seen', 'seen', 'next', 'gap']);
    expect(() => remote(client, 6, ['x'])).toThrow('version 6 does not follow version 4');
    expect(() => remote(client, 4, ['x'])).toThrow('version 4 does not follow version 4');
    expect(() => acknowledge(client, 5, 1)).toThrow('version 5: nothing is in flight');
  });
});

describe('coming back', () => {
  const theirs: LoggedEdit = { op: ['T'] };

  test('[CL6] what is in flight and not in the backlog goes out again under its own number', () => {
    play(
      'abc',
      type(3, 'd'),
      type(4, 'e'),
      reconnect(theirs, theirs),
      sees('TTabcde'),
      is('awaiting-ack-with-buffer'),
    );
    play(
      'abc',
      type(3, 'd'),
      reconnect(theirs),
      sent([1, 0, [3, 'd']], [1, 1, [4, 'd']]),
      ack(),
      is('synchronized'),
    );
  });

  test('[CL6] what is in flight and in the backlog is settled, and the buffer goes out', () => {
    play(
      'abc',
      type(3, 'd'),
      type(4, 'e'),
      reconnect(theirs, { op: [4, 'd'], clientSeq: 1 }, theirs),
      sees('TTabcde'),
      sent([1, 0, [3, 'd']], [2, 3, [6, 'e']]),
      ack(),
      is('synchronized'),
    );
  });

  test('[CL6] an empty backlog sends what is in flight again', () => {
    play('abc', type(3, 'd'), reconnect(), sent([1, 0, [3, 'd']], [1, 0, [3, 'd']]));
  });

  test('[CL10] an own edit that the client forgot is taken in like anyone’s', () => {
    play('abc', reconnect({ op: [3, 'd'], clientSeq: 7 }), sees('abcd'), is('synchronized'), sent());
    play('abc', type(0, 'x'), reconnect({ op: [3, 'd'], clientSeq: 7 }), sees('xabcd'), is('awaiting-ack'));
  });

  test('[CL9] a reload with a buffer goes on where it was', () => {
    play(
      'abc',
      type(3, 'd'),
      type(4, 'e'),
      reload(),
      type(5, 'f'),
      reconnect(theirs),
      sees('Tabcdef'),
      ack(),
      sent([1, 0, [3, 'd']], [1, 1, [4, 'd']], [2, 2, [5, 'ef']]),
    );
  });

  test('[CL9] what is stored is checked', () => {
    expect(restoreClient(storeClient(openClient(4)))).toEqual(openClient(4));
    const stored = { version: 1, inFlight: { clientSeq: 1, op: [3] }, buffer: null };
    expect(() => restoreClient(stored)).toThrow(InvalidOpError);
  });
});

describe('refusal', () => {
  test('[CL8] what was refused is taken back', () => {
    play('abc', erase(0, 2), sees('c'), hear(3, '!'), refused(), sees('abc!'), is('synchronized'));
  });

  test('[CL8] what was typed after it stays, as far as it can, and goes out', () => {
    play(
      'abc',
      type(1, 'XY'),
      type(2, '-'),
      type(6, '!'),
      refused(),
      sees('a-bc!'),
      sent([1, 0, [1, 'XY']], [2, 0, [1, '-', 2, '!']]),
    );
    play('abc', type(1, 'XY'), erase(1, 2), refused(), sees('abc'), is('synchronized'));
  });
});

describe('any life', () => {
  property('[CL2] the view is the server’s text with what is pending', 1_500, (random) => {
    const person = new Person(randomText(random, 10));
    for (let step = 0; step < 25; step++) {
      live(random, person);
      expect(apply(person.server, pendingOp(person.client))).toBe(person.view);
    }
  });

  property('[CL5] a backlog at once is as good as one by one', 1_500, (random) => {
    const slow = new Person(randomText(random, 10));
    for (let step = random.below(12); step > 0; step--) live(random, slow);
    const quick = new Person(slow.view);
    quick.client = slow.client;
    quick.server = slow.server;
    const backlog: LoggedEdit[] = [];
    for (let left = random.below(8); left > 0; left--) {
      const op = randomOp(random, slow.server);
      backlog.push({ op });
      slow.hears(op);
    }
    quick.reconnects(backlog);
    expect(resend(quick.client)).toEqual(resend(slow.client));
    expect(apply(quick.server, pendingOp(quick.client))).toBe(quick.view);
    expect(quick.client.state).toBe(slow.client.state);
  });

  property('[CL6] a backlog that holds the edit in flight', 1_500, (random) => {
    const person = new Person(randomText(random, 10));
    person.does(['first']);
    for (let step = random.below(12); step > 0; step--) live(random, person);
    if (person.client.state === 'synchronized') return;
    const { clientSeq } = person.client.inFlight;
    const log: LoggedEdit[] = [];
    const other = new Person(person.server);
    other.client = person.client;
    other.view = person.view;
    const ownPlace = random.below(5);
    for (let i = 0; i < 5; i++) {
      if (i === ownPlace) {
        log.push({ op: resend(other.client)!.op, clientSeq });
        other.isAcknowledged();
      } else {
        log.push({ op: randomKey(random, other.server) });
        other.hears(log.at(-1)!.op);
      }
    }
    person.reconnects(log);
    expect(apply(person.server, pendingOp(person.client))).toBe(person.view);
    expect(person.server).toBe(other.server);
    expect(resend(person.client)?.clientSeq).not.toBe(clientSeq);
  });

  test('[CL11] a transition leaves the state that it was given as it was', () => {
    const person = play('abc', type(3, 'd'), type(4, 'e'));
    const before = person.client;
    const stored = storeClient(before);
    person.does([5, 'f']);
    person.hears(['x', -1]);
    person.isAcknowledged();
    expect(storeClient(before)).toEqual(stored);
  });
});

function live(random: Random, person: Person): void {
  const choice = random.below(10);
  if (choice < 5)
    person.does(random.oneIn(3) ? randomOp(random, person.view) : randomKey(random, person.view));
  else if (choice < 8) person.hears(randomOp(random, person.server));
  else if (person.client.state === 'synchronized') return;
  else if (random.oneIn(4)) person.isRefused();
  else person.isAcknowledged();
}
