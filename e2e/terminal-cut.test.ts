import { afterEach, expect, test } from 'vitest';
import { LOST_CONNECTION } from './harness/person.ts';
import { stretches } from './harness/stretches.ts';
import { TcpProxy } from './harness/tcp-proxy.ts';
import { describeWithSandbox, useSharedSandbox } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';
import { TerminalPane } from './pages/terminal-pane.ts';

/** A terminal keeps all of them, and they are more bytes than are sent to somebody who draws nothing. */
const LINES = 8_000;
const PRINTED = /^line (\d+) of the program$/;

async function printed(pane: TerminalPane) {
  const numbers = (await pane.copied()).map((line) => PRINTED.exec(line)?.[1]);
  return stretches(numbers.filter((number) => number !== undefined).map(Number));
}

describeWithSandbox('a terminal over a cut connection', () => {
  const world = useSharedSandbox();
  /** The room of both tests: a workspace stays for a while after its room, and a machine has few. */
  let room: string | null = null;
  let adas: TerminalPane | null = null;

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') room = null;
    if (room === null) return;
    await adas?.hide();
    const witness = await (await world.regular('Ada')).witness(room);
    for (const terminal of witness.fold.state.terminals.keys()) {
      await witness.send({ kind: 'terminal.close', terminal });
    }
  });

  /** Somebody near who types, and two who see it through ways that can be cut. */
  async function threeAtATerminal() {
    const ada = await world.regular('Ada');
    room ??= await ada.createRoom('python');
    const near = new TerminalPane(await RoomPage.open(ada, room));
    await near.show();
    await near.open();
    adas = near;
    const link = await ada.link(room, 'editor');
    const far = await Promise.all(
      ['Grace', 'Barbara'].map(async (name) => {
        const way = await world.way(TcpProxy.before(world.server.url));
        const person = await world.person(name, { at: way.url });
        person.expectTrouble(LOST_CONNECTION);
        const pane = new TerminalPane(await RoomPage.open(person, link));
        await pane.show();
        await pane.until(/\$ $/m);
        return { pane, way };
      }),
    );
    return { near, far };
  }

  test('no line of a program is lost or doubled, whether what was sent comes late or never', async () => {
    const { near, far } = await threeAtATerminal();
    const print = `for n in $(seq 1 ${LINES}); do echo "line $n of the program"; done`;
    await near.enter(
      `${print.replace(String(LINES), '500')}; read; ${print.replace('1 ', '501 ')}; echo all`,
    );
    for (const pane of [near, ...far.map(({ pane }) => pane)]) await pane.until('line 500 of');
    for (const { way } of far) way.cut();
    await near.press('Enter');
    await near.until(/^all$/m);
    far[0]!.way.mend('late');
    far[1]!.way.mend('dead');
    for (const pane of [near, ...far.map(({ pane }) => pane)]) {
      await pane.until(/^all$/m);
      await expect.poll(() => printed(pane)).toEqual([[1, LINES]]);
    }
  });

  test('a control sequence that the cut went through comes whole', async () => {
    const { near, far } = await threeAtATerminal();
    await near.enter(
      String.raw`clear; echo begun; printf 'a\033[3'; read -s; printf '1mb\033[mc\n'; echo all`,
    );
    const { pane, way } = far[1]!;
    await pane.until(/^begun\na/m);
    way.cut();
    way.mend('dead');
    await pane.until(/^begun\na/m);
    await near.press('Enter');
    await pane.until(/^begun\nabc\nall$/m);
  });
});
