// What a dead runner left is asked for until it is gone.
import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { LABEL } from '../../src/labels.ts';
import { type Reaped, reap } from '../../src/reaper.ts';

/** What the engine answers to one request for a removal. */
type Answer = 'removed' | number | 'no connection';

/** An engine with one container of an earlier runner of `mine`, and how often its removal was asked for. */
function engineWith(answers: Answer[]) {
  let asked = 0;
  const remove = (): Promise<void> => {
    const answer = answers[Math.min(asked++, answers.length - 1)]!;
    if (answer === 'removed') return Promise.resolve();
    const error = new Error(String(answer));
    return Promise.reject(typeof answer === 'number' ? Object.assign(error, { statusCode: answer }) : error);
  };
  const left = {
    Id: 'left',
    Labels: { [LABEL.instance]: 'mine', [LABEL.runner]: 'earlier:1:1' },
    Created: 0,
  };
  const docker = { listContainers: () => Promise.resolve([left]), getContainer: () => ({ remove }) };
  return {
    reaped: () => reap(docker as unknown as Docker, 'mine', 'now:1:1', new Set()),
    asked: () => asked,
  };
}

const removed = { removed: 1, left: [] };

test.each<[string, Answer[], number, Reaped]>([
  ['is removed at once', ['removed'], 1, removed],
  ['is on its way out, and then gone', [409, 409, 404], 3, removed],
  ['was half removed by an engine before this one', [500, 409, 'removed'], 3, removed],
  ['is listed, and not there', [404], 1, { removed: 0, left: [] }],
  ['is of an engine that is gone again', ['no connection'], 1, { removed: 0, left: ['left'] }],
])('a container that %s', async (_, answers, times, outcome) => {
  const { reaped, asked } = engineWith(answers);
  expect(await reaped()).toEqual(outcome);
  expect(asked()).toBe(times);
});
