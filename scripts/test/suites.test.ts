import { describe, expect, test } from 'vitest';
import { inRoot } from '../lib/paths.mjs';
import { count, failures } from '../lib/suites.mjs';

function file(status: string, ...tests: string[]) {
  return {
    name: inRoot('some/file.test.ts'),
    status,
    assertionResults: tests.map((each, at) => ({ status: each, fullName: `test ${at + 1}` })),
  };
}

describe('counting', () => {
  test('passed, failed, and everything that was not run', () => {
    const report = {
      testResults: [file('failed', 'passed', 'failed', 'failed'), file('passed', 'skipped', 'todo')],
    };
    expect(count(report, 1)).toEqual({ passed: 1, failed: 2, skipped: 2 });
  });

  test('a file that could not be loaded is a failure', () => {
    expect(count({ testResults: [file('failed'), file('passed', 'passed')] }, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  test('an error outside of any test is a failure', () => {
    expect(count({ testResults: [file('passed', 'passed')] }, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  test('a crash before the report is a failure', () => {
    expect(count(undefined, 139)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('naming what failed', () => {
  test('each test with the first lines of its errors, without colours', () => {
    const error = `\u001b[31mAssertionError\u001b[39m: no\n${'at a line\n'.repeat(40)}`;
    const tests = [
      { status: 'passed', fullName: 'a room opens' },
      { status: 'failed', fullName: 'a room closes', failureMessages: [error] },
    ];
    const report = { testResults: [{ ...file('failed'), assertionResults: tests }] };
    const [only, ...others] = failures('unit', report, 1);
    expect(others).toEqual([]);
    expect(only?.name).toBe('some/file.test.ts > a room closes');
    expect(only?.why.split('\n').slice(0, 2)).toEqual(['AssertionError: no', 'at a line']);
    expect(only?.why.split('\n').length).toBeLessThan(20);
  });

  test('a file that could not be loaded', () => {
    const report = { testResults: [{ ...file('failed'), message: 'Cannot find module' }] };
    expect(failures('unit', report, 1)).toEqual([{ name: 'some/file.test.ts', why: 'Cannot find module' }]);
  });

  test('an end that no test explains', () => {
    expect(failures('e2e', undefined, 139)).toEqual([
      { name: 'e2e', why: 'It ended with 139, and no test says why.' },
    ]);
  });

  test('as many as are counted, and nothing of a run that passed', () => {
    const report = {
      testResults: [file('failed', 'failed', 'failed'), file('failed'), file('passed', 'passed')],
    };
    expect(failures('unit', report, 1)).toHaveLength(count(report, 1).failed);
    expect(failures('unit', { testResults: [file('passed', 'passed')] }, 0)).toEqual([]);
  });
});
