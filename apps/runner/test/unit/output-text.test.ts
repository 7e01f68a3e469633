import { stretchesOf } from '@codesync/protocol';
import { ManualClock } from '@codesync/protocol/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OutputText } from '../../src/output-text.ts';

function collect() {
  const clock = new ManualClock();
  const got: string[] = [];
  const output = new OutputText((words) => {
    for (const { stream, text } of stretchesOf(words)) got.push(`${stream}:${text}`);
  }, clock);
  return { clock, got, output };
}

describe('a run’s output as text', () => {
  test('the first piece is there at once', () => {
    const { got, output } = collect();
    output.push('stdout', Buffer.from('a'));
    expect(got).toEqual(['stdout:a']);
  });

  test('what follows within a batch is one message, and arrives', () => {
    const { clock, got, output } = collect();
    for (const letter of 'abcd') output.push('stdout', Buffer.from(letter));
    expect(got).toEqual(['stdout:a']);
    clock.advance(8);
    expect(got).toEqual(['stdout:a', 'stdout:bcd']);
  });

  test('the two streams keep their order inside a batch', () => {
    const { clock, got, output } = collect();
    output.push('stdout', Buffer.from('1'));
    output.push('stdout', Buffer.from('2'));
    output.push('stderr', Buffer.from('3'));
    output.push('stdout', Buffer.from('4'));
    clock.advance(8);
    expect(got).toEqual(['stdout:1', 'stdout:2', 'stderr:3', 'stdout:4']);
  });

  test('a character whose bytes come apart is shown whole, also when the other stream comes between', () => {
    const { clock, got, output } = collect();
    const euro = Buffer.from('€');
    output.push('stdout', euro.subarray(0, 1));
    output.push('stderr', Buffer.from('!'));
    output.push('stdout', euro.subarray(1));
    clock.advance(8);
    expect(got).toEqual(['stderr:!', 'stdout:€']);
  });

  test('NUL and control bytes stay as they are; what is not UTF-8 becomes a replacement', () => {
    const { got, output } = collect();
    output.push('stdout', Buffer.from([0, 27, 91, 51, 49, 109, 255, 65]));
    expect(got).toEqual(['stdout:\0\u001b[31m\ufffdA']);
  });

  test('an unfinished character at the end is replaced, not lost', () => {
    const { got, output } = collect();
    output.push('stdout', Buffer.from([0xe2, 0x82]));
    output.end();
    expect(got).toEqual(['stdout:\ufffd']);
  });

  test('any text survives any cutting', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(64)), (text, sizes) => {
        const { got, output } = collect();
        const bytes = Buffer.from(text);
        let at = 0;
        for (const size of sizes) {
          output.push('stdout', bytes.subarray(at, at + size));
          at = Math.min(bytes.length, at + size);
        }
        output.push('stdout', bytes.subarray(at));
        output.end();
        expect(got.map((message) => message.slice('stdout:'.length)).join('')).toBe(bytes.toString('utf8'));
      }),
    );
  });
});
