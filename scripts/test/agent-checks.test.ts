import { describe, expect, test } from 'vitest';
import { count } from '../lib/agent-checks.mjs';

describe('counting the agent’s tests', () => {
  const output = [
    '=== RUN   TestOne',
    '--- PASS: TestOne (0.00s)',
    '--- FAIL: TestTwo (0.00s)',
    '    --- FAIL: TestTwo/part (0.00s)',
    '--- SKIP: TestThree (0.00s)',
  ].join('\n');

  test('each with its parts as one', () => {
    expect(count(output, 1)).toEqual({ passed: 1, failed: 1, skipped: 1 });
  });

  test('what ends badly without a failed test is a failure', () => {
    expect(count('./main.go:3:2: "os" imported and not used', 2)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });
});
