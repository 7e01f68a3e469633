/** Files that are no text, from the runner's socket to programs in real sandboxes. */
import { createHash, randomBytes } from 'node:crypto';
import { BlobHash, LIMITS } from '@codesync/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

const MEBIBYTE = 1024 * 1024;
const PATH = 'img/día/logo.png';
/** A body of random bytes and how a program tells it. Nobody else has it. */
function fresh(bytes: number) {
  const body = randomBytes(bytes);
  const sum = createHash('sha256').update(body).digest('hex');
  return { sum, file: { path: PATH, blob: runner.client.keep(body) } };
}

describe.skipIf(skip)(`files that are no text${skip ? ` (skipped: ${skip})` : ''}`, () => {
  const reading = {
    python: ['main.py', `import hashlib\nprint(hashlib.sha256(open('${PATH}', 'rb').read()).hexdigest())`],
    javascript: [
      'main.js',
      `const { createHash } = require('crypto');
console.log(createHash('sha256').update(require('fs').readFileSync('${PATH}')).digest('hex'));`,
    ],
    go: [
      'main.go',
      `package main
import ("crypto/sha256"; "fmt"; "os")
func main() { body, _ := os.ReadFile("${PATH}"); fmt.Printf("%x\\n", sha256.Sum256(body)) }`,
    ],
    // Its library has no hashes: all bytes are printed.
    rust: [
      'main.rs',
      `fn main() { for byte in std::fs::read("${PATH}").unwrap() { print!("{byte:02x}"); } println!(); }`,
    ],
  } as const;

  test.each(['python', 'javascript', 'go'] as const)(
    'a program in %s reads 3 MiB, byte for byte',
    async (language) => {
      const [entry, text] = reading[language];
      const { sum, file } = fresh(3 * MEBIBYTE + 1);
      const run = runner.client.start({ language, entry, files: [{ path: entry, text }, file] });
      expect(await run.ended()).toMatchObject({ reason: 'exit', exitCode: 0 });
      expect([run.stdout, run.stderr]).toEqual([`${sum}\n`, '']);
    },
  );

  test('a program in rust reads all bytes there are', async () => {
    const [entry, text] = reading.rust;
    const body = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    const file = { path: PATH, blob: runner.client.keep(body) };
    const run = runner.client.start({ language: 'rust', entry, files: [{ path: entry, text }, file] });
    await run.ended();
    expect([run.stdout, run.stderr]).toEqual([`${body.toString('hex')}\n`, '']);
  });

  test('what is embedded in a program is compiled anew when it is another, and only then', async () => {
    const text = `package main
import ("crypto/sha256"; _ "embed"; "fmt")
//go:embed ${PATH}
var body []byte
func main() { fmt.Printf("%x\\n", sha256.Sum256(body)) }`;
    const embeds = async ({ sum, file }: ReturnType<typeof fresh>) => {
      const files = [{ path: 'main.go', text }, file];
      const run = runner.client.start({ language: 'go', entry: 'main.go', room: 'embedding', files });
      const end = await run.ended();
      expect([run.stdout, run.stderr]).toEqual([`${sum}\n`, '']);
      return end.cached;
    };
    const [one, other] = [fresh(100_000), fresh(100_000)];
    expect(await embeds(one)).toBe(false);
    // The binary is kept a moment after the end.
    await expect.poll(() => embeds(one), { timeout: 20_000 }).toBe(true);
    expect(await embeds(other)).toBe(false);
  });

  test('as much as a room holds is there, in several files, and asked for once for many runs', async () => {
    const files = Array.from({ length: 3 }, (_, n) => ({
      ...fresh(Math.floor(LIMITS.roomBytes / 3)),
      name: `big/${n}`,
    }));
    const text = `import hashlib, os
for name in sorted(os.listdir("big")):
    print(hashlib.sha256(open("big/" + name, "rb").read()).hexdigest())`;
    const before = runner.client.wanted.length;
    const runs = Array.from({ length: 3 }, () =>
      runner.client.start({
        language: 'python',
        entry: 'main.py',
        files: [{ path: 'main.py', text }, ...files.map(({ name, file }) => ({ ...file, path: name }))],
      }),
    );
    await Promise.all(runs.map((run) => run.ended()));
    for (const run of runs)
      expect([run.stdout, run.stderr]).toEqual([files.map(({ sum }) => `${sum}\n`).join(''), '']);
    expect(runner.client.wanted.length - before).toBe(files.length);
  });

  test('[INV9] a run whose content the server does not have ends once, and says which file that is', async () => {
    const hash = BlobHash.parse(randomBytes(32).toString('hex'));
    const unknown = { path: 'gone.bin', blob: { hash, bytes: 1 } };
    const run = runner.client.start({
      language: 'python',
      entry: 'main.py',
      files: [{ path: 'main.py', text: 'print("ran")' }, unknown],
    });
    expect(await run.ended()).toMatchObject({
      reason: 'infrastructure',
      message: expect.stringContaining('The content of “gone.bin” cannot be had.'),
    });
    expect([run.stdout, run.ends.length]).toEqual(['', 1]);
  });

  test('[A25] a name that leads out of the workspace is refused', async () => {
    for (const path of ['../tmp/escaped', '/tmp/escaped', 'a/../../tmp/escaped']) {
      const run = runner.client.start({
        language: 'python',
        entry: 'main.py',
        files: [
          { path: 'main.py', text: 'print("ran")' },
          { ...fresh(10).file, path },
        ],
      });
      expect(await run.ended()).toMatchObject({
        reason: 'files',
        message: expect.stringContaining('cannot be used'),
      });
    }
  });
});
