/** Runs at the runner: through its socket, as the server talks to it. */
import { randomUUID } from 'node:crypto';
import { LANGUAGES } from '@codesync/protocol';
import type { RunnerClient } from '../../../apps/runner/test/support/client.ts';
import type { Way } from '../way.ts';

export function runnerWay(runner: RunnerClient): Way {
  return {
    title: 'at the runner',
    remark: null,
    async prepare({ language, text, binary }) {
      const { entry } = LANGUAGES[language];
      // The room that a second run comes from is one whose binary is kept.
      const room = binary === undefined ? randomUUID() : `again-${language}`;
      return () => {
        const run = runner.start({ language, entry, files: [{ path: entry, text }], room });
        return {
          spoke: run.until(() => run.firstByteAt > 0),
          ended: run.ended().then((end) => {
            const endedAt = performance.now();
            return {
              startedAt: run.startedAt,
              firstByteAt: run.firstByteAt || endedAt,
              endedAt,
              output: run.stdout,
              mixed: run.stretches.map(({ text }) => text).join(''),
              truncated: end.truncated.stdout,
              trouble:
                end.reason === 'exit' && end.exitCode === 0
                  ? ''
                  : `${end.message ?? end.reason} ${run.stderr}`,
            };
          }),
          stop: () => run.stop(),
        };
      };
    },
  };
}
