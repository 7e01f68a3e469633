import { describe, expect, test } from 'vitest';
import { count } from '../lib/suites.mjs';

function file(status: string, ...tests: string[]) {
  return { status, assertionResults: tests.map((each) => ({ status: each })) };
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
