import { describe, expect, test } from 'vitest';
import { ran, told } from '../../support/failures.ts';

describe('JavaScript', () => {
  const javascript = (paths: string[], printed: string) => told(ran('javascript', paths, printed));

  test('an error and its cause', () => {
    expect(
      javascript(
        ['a.js', 'b.js'],
        `/w/a.js:2
  throw new TypeError("bad", { cause });
  ^

TypeError: bad
    at f (/w/a.js:2:9)
    ... 5 lines matching cause stack trace ...
    at node:internal/main/run_main_module:28:49 {
  [cause]: Error: inner
      at g (/w/b.js:7:36)
      at Object.<anonymous> (/w/a.js:4:1)
}

Node.js v20.19.2
`,
      ),
    ).toEqual(['a.js:2:3 error: TypeError: bad', 'b.js:7:36 error: Error: inner']);
  });

  test('a syntax error is where it stands, not where the file was asked for', () => {
    expect(
      javascript(
        ['main.js', 'b.js'],
        `/w/b.js:1
let a = ;
        ^

SyntaxError: Unexpected token ';'
    at wrapSafe (node:internal/modules/cjs/loader:1472:18)
    at Object.<anonymous> (/w/main.js:3:1)

Node.js v20.19.2
`,
      ),
    ).toEqual(["b.js:1:9 error: SyntaxError: Unexpected token ';'"]);
  });

  test('an ES module, by its URL', () => {
    expect(
      javascript(
        ['my app.mjs'],
        `file:///w/my%20app.mjs:1
import {x} from "./z.mjs";
        ^
SyntaxError: The requested module './z.mjs' does not provide an export named 'x'
    at ModuleJob._instantiate (node:internal/modules/esm/module_job:175:21)
`,
      ),
    ).toEqual([
      "my app.mjs:1:9 error: SyntaxError: The requested module './z.mjs' does not provide an export named 'x'",
    ]);
  });

  test('an error that Node itself throws, and a stack that the program printed', () => {
    expect(
      javascript(
        ['g.js'],
        `Error: only said
    at f (/w/g.js:9:3)
    at Object.<anonymous> (/w/g.js:1:1)
node:internal/modules/cjs/loader:1215
  throw err;
  ^

Error: Cannot find module 'lodash'
Require stack:
- /w/g.js
    at Module._resolveFilename (node:internal/modules/cjs/loader:1212:15)
    at require (node:internal/modules/helpers:182:18)
    at Object.<anonymous> (/w/g.js:4:1)
`,
      ),
    ).toEqual(['g.js:9:3 error: Error: only said', "g.js:4:1 error: Error: Cannot find module 'lodash'"]);
  });

  test('a value that is no error', () => {
    expect(
      javascript(
        ['f.js'],
        '\n/w/f.js:1\nthrow "abc";\n^\nabc\n(Use `node --trace-uncaught ...` to show where)\n\nNode.js v20.19.2\n',
      ),
    ).toEqual(['f.js:1:1 error: abc']);
  });
});
