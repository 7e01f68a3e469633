import { describe, expect, test } from 'vitest';
import { ran, told } from '../../support/failures.ts';

describe('Python', () => {
  const python = (paths: string[], printed: string) => told(ran('python', paths, printed));

  test('a chain of tracebacks: the innermost place of each', () => {
    expect(
      python(
        ['a.py', 'pkg/m.py'],
        `Traceback (most recent call last):
  File "/w/a.py", line 4, in f
    return pkg.m.g(x)
           ~~~~~~~^^^
  File "/w/pkg/m.py", line 2, in g
    return 1/x
           ~^~
ZeroDivisionError: division by zero

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/w/a.py", line 8, in <module>
    f(0)
    ~^^^
  File "/w/a.py", line 6, in f
    raise ValueError("bad") from e
ValueError: bad
`,
      ),
    ).toEqual(['pkg/m.py:2 error: ZeroDivisionError: division by zero', 'a.py:6 error: ValueError: bad']);
  });

  test('an error inside the library is marked at the call in the room, also where a file has its name', () => {
    expect(
      python(
        ['main.py', 'decoder.py'],
        `Traceback (most recent call last):
  File "/w/main.py", line 2, in <module>
    json.loads("{")
    ~~~~~~~~~~^^^^^
  File "/usr/lib/python3.13/json/decoder.py", line 361, in raw_decode
    obj, end = self.scan_once(s, idx)
               ~~~~~~~~~~~~~~^^^^^^^^
json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)
`,
      ),
    ).toEqual([
      'main.py:2 error: json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)',
    ]);
  });

  test('a file that cannot be read, started or imported', () => {
    const own = `  File "/w/c.py", line 2
    print("abc
          ^
SyntaxError: unterminated string literal (detected at line 2)
`;
    const wanted = ['c.py:2 error: SyntaxError: unterminated string literal (detected at line 2)'];
    expect(python(['c.py'], own)).toEqual(wanted);
    const imported = `Traceback (most recent call last):\n  File "/w/d.py", line 1, in <module>\n    import c\n${own}`;
    expect(python(['d.py', 'c.py'], imported)).toEqual(wanted);
  });

  test('a group of exceptions: each that was raised', () => {
    expect(
      python(
        ['e.py'],
        `  + Exception Group Traceback (most recent call last):
  |   File "/w/e.py", line 9, in <module>
  |     raise ExceptionGroup("g", errors)
  | ExceptionGroup: g (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/w/e.py", line 4, in <module>
    |     int("x")
    | ValueError: invalid literal
    +---------------- 2 ----------------
    | TypeError: never raised
    +------------------------------------
`,
      ),
    ).toEqual([
      'e.py:9 error: ExceptionGroup: g (2 sub-exceptions)',
      'e.py:4 error: ValueError: invalid literal',
    ]);
  });

  test('a warning, and a recursion that is printed in short', () => {
    expect(
      python(
        ['f.py'],
        `/w/f.py:2: SyntaxWarning: invalid escape sequence '\\d'
  re.match("\\d", "a")
Traceback (most recent call last):
  File "/w/f.py", line 5, in <module>
    r(0)
    ~^^^
  File "/w/f.py", line 4, in r
    return r(n+1)
  [Previous line repeated 996 more times]
RecursionError: maximum recursion depth exceeded
`,
      ),
    ).toEqual([
      "f.py:2 warning: SyntaxWarning: invalid escape sequence '\\d'",
      'f.py:4 error: RecursionError: maximum recursion depth exceeded',
    ]);
  });
});
