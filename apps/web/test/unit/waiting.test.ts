import type { Language, Run, RunPiece } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import { quietUntilWaiting, readsInput } from '../../src/features/runs/waiting.ts';

const run = (output: readonly RunPiece[], phase: Run['phase'] = 'running') => ({ output, phase }) as Run;

describe('a program that may wait for input', () => {
  test.each<[Language, string]>([
    ['python', 'name = input("Who? ")'],
    ['python', 'for line in sys.stdin:'],
    ['javascript', "import readline from 'node:readline';"],
    ['javascript', "process.stdin.on('data', take);"],
    ['go', 'fmt.Scanln(&n)'],
    ['go', 'bufio.NewReader(os.Stdin)'],
    ['rust', 'io::stdin().read_line(&mut line)'],
  ])('is known by its text: %s, %s', (language, text) => {
    expect(readsInput(language, text)).toBe(true);
  });

  test.each<[Language, string]>([
    ['python', 'print("no input here")'],
    ['javascript', 'console.log(1)'],
    ['go', 'fmt.Println(1)'],
    ['rust', 'println!("stdin")'],
  ])('is not: %s, %s', (language, text) => {
    expect(readsInput(language, text)).toBe(false);
  });

  test('is taken to wait soon after a question, and after a longer silence when it only reads', () => {
    const asked = quietUntilWaiting(run([{ stream: 'stdout', text: 'Who? ' }]), true)!;
    const silent = quietUntilWaiting(run([{ stream: 'stdout', text: 'ready\n' }]), true)!;
    expect(asked).toBeLessThan(silent);
    expect(quietUntilWaiting(run([{ stream: 'stderr', text: 'Who? ' }]), false)).toBe(asked);
    expect(quietUntilWaiting(run([]), true)).toBe(silent);
    expect(quietUntilWaiting(run([{ stream: 'stdin', text: 'Ada' }]), true)).toBe(silent);
  });

  test('is not taken to wait where it does not read, has not begun or has ended', () => {
    expect(quietUntilWaiting(run([{ stream: 'stdout', text: 'working\n' }]), false)).toBeNull();
    expect(quietUntilWaiting(run([], 'compiling'), true)).toBeNull();
    expect(quietUntilWaiting(run([{ stream: 'stdout', text: 'Who? ' }], 'ended'), true)).toBeNull();
  });
});
