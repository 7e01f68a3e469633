// The formatters of the sandbox image, asked through the real runner.
import type { FormatLanguage } from '@codesync/protocol';
import { roomId } from '@codesync/protocol/testing';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Formatter } from '../../src/formatter.ts';
import { type RunningRunner, startRunner } from '../../src/runner-client/runner.ts';
import { PROJECT_PARTS } from '../../src/server.ts';
import { randomId } from '../support/client.ts';
import { dataFolder } from '../support/server.ts';

const data = dataFolder();
const runner: RunningRunner = startRunner({
  clock: systemClock,
  log: pino({ level: 'silent' }),
  program: PROJECT_PARTS.runner,
  data: data.path,
  instance: `formatters-${process.pid}`,
  docker: 'auto',
  readBlob: () => {
    throw new Error('formatters have no blobs');
  },
});
const state = await new Promise<string>((resolve) => {
  const look = () => {
    const { state } = runner.status();
    if (state === 'ready' || state === 'off') resolve(state);
  };
  runner.onStatus(look);
  look();
});

afterAll(async () => {
  await runner.stopped();
  data.remove();
});

describe.skipIf(state === 'off')('in a sandbox', () => {
  const formatter = new Formatter({ runner, clock: systemClock, newId: randomId });
  const format = (language: FormatLanguage, text: string) =>
    formatter.format({ language, text }, { room: roomId('formatters'), network: '198.18.0.1' });

  // The first of a container that has just started waits for its disk.
  beforeAll(async () => {
    await format('python', '');
  });

  test.each([
    [
      'python',
      "x = {  'a':1 }\ndef f( ):\n  return 'é 🙂'\n",
      'x = {"a": 1}\n\n\ndef f():\n    return "é 🙂"\n',
    ],
    [
      'go',
      'package main\nfunc  main( ) {\nprintln("é 🙂")\n}',
      'package main\n\nfunc main() {\n\tprintln("é 🙂")\n}\n',
    ],
    [
      'rust',
      'async fn f( ){}\nfn main(){println!("é 🙂");}',
      'async fn f() {}\nfn main() {\n    println!("é 🙂");\n}\n',
    ],
  ] as const)('%s is formatted', async (language, text, formatted) => {
    expect(await format(language, text)).toEqual({ ok: true, text: formatted });
    expect(await format(language, formatted)).toEqual({ ok: true, text: formatted });
  });

  test.each([
    ['python', 'a = 1\nb = = 2\n', /^The formatter could not read line 2: “Cannot parse.*b = = 2”\./],
    [
      'go',
      'package main\n\nfunc main() {\n\tx := \n}\n',
      /^The formatter could not read line 5: “expected operand.*”\./,
    ],
    [
      'rust',
      'fn main() {\n    let = 1;\n}\n',
      /^The formatter could not read line 2: “expected pattern, found `=`”\./,
    ],
  ] as const)('in %s, what cannot be read is told with its line', async (language, text, message) => {
    expect(await format(language, text)).toEqual({
      ok: false,
      error: { code: 'format.failed', message: expect.stringMatching(message) },
    });
  });

  test('a long text comes back whole, and one that would be cut does not come', async () => {
    const list = (lines: number, line: string) => `package main\n\nvar _ = []int{\n${line.repeat(lines)}}\n`;
    const close = '1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,\n';
    const apart = `\t${close.trim().slice(0, -1).replaceAll(',', ', ')},\n`;
    expect(await format('go', list(5_000, close))).toEqual({ ok: true, text: list(5_000, apart) });
    // It goes in whole, and is longer than what is kept of an output when it is formatted.
    expect(await format('go', list(21_000, close))).toMatchObject({
      ok: false,
      error: { code: 'format.tooLarge' },
    });
  });
});
