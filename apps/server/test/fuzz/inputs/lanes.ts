// Well-formed packets of the lanes that are no commands: presence, checks, guides, terminals and calls.
import { LIMITS } from '@codesync/protocol';
import type { Input } from '../input.ts';
import { mutated } from '../values.ts';
import { someFile } from './bodies.ts';
import { burst } from './burst.ts';

export const LANE_INPUTS: readonly Input[] = [
  {
    kind: 'presence and checks',
    weight: 8,
    run: (scene, random) =>
      burst(scene.join(random, 'arena'), random, 40, (client, i) => {
        const file = someFile(scene, random, client);
        const version = client.files.find(({ id }) => id === file)?.version ?? 0;
        const span = { anchor: random.below(1_000), head: Number.MAX_SAFE_INTEGER };
        const spans = Array.from({ length: random.below(LIMITS.cursors + 2) }, () => span);
        const presence = {
          clock: random.pick([1, i + 1, Number.MAX_SAFE_INTEGER]),
          cursors: random.oneIn(5) ? null : { file, version, spans },
          viewport: random.oneIn(3)
            ? null
            : {
                file,
                version,
                from: random.below(1_000),
                to: random.pick([0, 1e9, Number.MAX_SAFE_INTEGER]),
              },
          activity: {
            attention: random.pick(['active', 'idle', 'away']),
            terminal: null,
            watching: random.pick([null, 'fuzz-terminal-1']),
            following: random.pick([null, scene.cast.hana.person.participant.id]),
            speaking: true,
          },
        };
        const check = { file, version, hash: random.below(1_000_000) };
        const guide = random.pick([
          { kind: 'lead', on: random.oneIn(2) },
          {
            kind: 'bring',
            whom: random.pick([null, random.id(22)]),
            place: { file, version, at: span.head },
          },
        ]);
        if (random.oneIn(5))
          void client.ask('guide', random.oneIn(2) ? mutated(random, guide) : JSON.stringify(guide));
        else if (random.oneIn(2))
          client.emit('presence', random.oneIn(3) ? mutated(random, presence) : JSON.stringify(presence));
        else if (random.oneIn(4)) client.emit('check', mutated(random, check));
        else void client.ask('check', random.oneIn(3) ? mutated(random, check) : JSON.stringify(check));
      }),
  },
  {
    kind: 'terminals',
    weight: 6,
    run: (scene, random) =>
      burst(scene.join(random, random.pick(['arena', 'brawl'])), random, 40, (client) => {
        const terminal = `fuzz-terminal-${random.below(12)}`;
        const shell = random.pick([1, 1, 2, 0, Number.MAX_SAFE_INTEGER]);
        const size = { cols: random.pick([80, 2, 500, 501, -1]), rows: random.pick([24, 1, 300, 1e9]) };
        const message = random.pick<Readonly<Record<string, unknown>>>([
          { kind: 'watch', terminal, size },
          { kind: 'unwatch', terminal },
          { kind: 'size', terminal, size },
          {
            kind: 'type',
            terminal,
            shell,
            number: random.pick([1, 2, 3, 0, Number.MAX_SAFE_INTEGER]),
            text: random.pick(['x', 'exit 1\r', '\u0003', 'y'.repeat(16_001), '']),
          },
          { kind: 'read', terminal, shell, upTo: random.pick([0, 5, 1e6, Number.MAX_SAFE_INTEGER]) },
        ]);
        client.emit('terminal', random.oneIn(3) ? mutated(random, message) : JSON.stringify(message));
      }),
  },
  {
    kind: 'calls',
    weight: 6,
    run: (scene, random) =>
      burst(scene.join(random, random.pick(['arena', 'brawl'])), random, 40, (client) => {
        const session = random.pick(['fuzz-session-number-1', 'fuzz-session-number-2', '__proto__']);
        const media = { microphone: random.oneIn(2), camera: random.oneIn(2), screen: random.oneIn(2) };
        const to = random.pick(['fuzz-client-in-no-room', 'nobody-nobody-nobody', '__proto__']);
        const request = random.pick<Readonly<Record<string, unknown>>>([
          { ask: 'join', session, media },
          { ask: 'leave' },
          { ask: 'set', media: random.oneIn(2) ? media : {} },
          { ask: 'mute', client: to },
          { ask: 'renew' },
        ]);
        const signal = {
          to,
          session,
          generation: random.pick([1, 2, 0, -1, 1e6, Number.MAX_SAFE_INTEGER]),
          signal: random.pick<Readonly<Record<string, unknown>>>([
            { kind: 'description', type: 'offer', sdp: 'x'.repeat(random.pick([0, 9, 64_000, 64_001])) },
            { kind: 'candidate', candidate: 'c', sdpMid: null, sdpMLineIndex: -1, usernameFragment: null },
            { kind: 'restart' },
          ]),
        };
        const [event, message] = random.oneIn(2) ? ['call', request] : ['signal', signal];
        void client.ask(event, random.oneIn(3) ? mutated(random, message) : JSON.stringify(message));
      }),
  },
];
