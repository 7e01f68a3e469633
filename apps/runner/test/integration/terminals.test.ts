/** Terminals in real workspaces, from the runner's socket to the shell and back. */
import { afterAll, describe, expect, test } from 'vitest';
import type { ClientTerminal, ClientWorkspace } from '../support/client-workspace.ts';
import { poolsOf, skipReason, startRunner } from './runner-process.ts';

const runner = await startRunner();
const skip = skipReason(runner);
afterAll(() => runner.end());

const PROMPT = '$ ';

/** A workspace whose first terminal shows a prompt. */
async function opened(size?: { cols: number; rows: number }): Promise<[ClientTerminal, ClientWorkspace]> {
  const workspace = runner.client.openWorkspace();
  const terminal = workspace.terminal(size);
  await terminal.untilShown(PROMPT);
  return [terminal, workspace];
}

/** Types a line and resolves once `text` has come after it. */
async function does(terminal: ClientTerminal, line: string, text: string | RegExp): Promise<void> {
  const from = terminal.mark();
  terminal.type(`${line}\n`);
  await terminal.untilShown(text, from);
}

async function gone(workspace: ClientWorkspace): Promise<void> {
  workspace.close();
  expect(await workspace.ended()).toMatchObject({ reason: 'closed' });
}

describe.skipIf(skip)(`terminals${skip ? ` (skipped: ${skip})` : ''}`, () => {
  test('a prompt comes, keys are echoed, and commands are carried out in the workspace', async () => {
    await runner.client.until(() => poolsOf(runner.client.status).at(-1)!.warm > 0);
    const began = performance.now();
    const workspace = runner.client.openWorkspace();
    const terminal = workspace.terminal();
    await terminal.untilShown(PROMPT);
    console.log(`a prompt after ${Math.round(performance.now() - began)} ms`);
    expect([workspace.ready, workspace.positions]).toEqual([true, []]);
    terminal.type('echo he');
    await terminal.untilShown('echo he');
    await does(terminal, "'l'lo", 'hello\r\n');
    await does(terminal, 'mkdir -p a/b && cd a/b && pwd', '/w/a/b\r\n');
    await terminal.untilShown(/a\/b .*\$ $/);
    await does(terminal, 'cd; pwd; ls -A /w', '/tmp/home\r\n');
    await gone(workspace);
    expect(terminal.faults).toEqual([]);
    expect(terminal.ends.length).toBe(1);
  });

  test('the languages, editors and tools of the image are there', async () => {
    const [terminal, workspace] = await opened();
    await does(
      terminal,
      'for tool in git make vim nano less tmux ps black gofmt rustfmt python3 node go rustc; do command -v $tool >/dev/null || echo no $tool; done; echo all loo""ked',
      'all looked\r\n',
    );
    expect(terminal.shown).not.toMatch(/no [a-z]+\r\n/);
    await does(
      terminal,
      'printf "x=1" | black -q - ; git init -q . && echo a > f && git add f && git -c user.name=a -c user.email=a commit -qm "o""ne" && git log --format=is:%s | cat',
      'is:one\r\n',
    );
    expect(terminal.shown).toContain('x = 1\r\n');
    await does(
      terminal,
      `printf 'package main\\nimport "fmt"\\nfunc main() { fmt.Println("from", "go") }' > a.go && go run a.go`,
      'from go\r\n',
    );
    await gone(workspace);
  });

  test('keys are told to be taken once their echo is there, and also where they have none', async () => {
    const [terminal, workspace] = await opened();
    terminal.type('echo seen');
    await terminal.until(() => terminal.taken === terminal.typed);
    expect(terminal.shown.endsWith('echo seen')).toBe(true);
    await does(terminal, '; stty -echo; echo rea""dy; read -rs secret; echo "[$secret]"', 'ready\r\n');
    terminal.type('hush');
    await terminal.until(() => terminal.taken === terminal.typed);
    expect(terminal.shown).not.toContain('hush');
    await does(terminal, '', '[hush]\r\n');
    await gone(workspace);
    expect(terminal.faults).toEqual([]);
  });

  test('a change of size is seen by what runs in it', async () => {
    const [terminal, workspace] = await opened({ cols: 101, rows: 33 });
    await does(terminal, 'stty size', '33 101\r\n');
    terminal.resize(120, 40);
    await does(terminal, 'stty size', '40 120\r\n');
    await gone(workspace);
  });

  test('vim opens on the alternate screen and closes again', async () => {
    const [terminal, workspace] = await opened();
    await does(terminal, 'vim file.txt', '\x1b[?1049h');
    terminal.type('iwritten in vim\x1b:wq\r');
    await terminal.untilShown('\x1b[?1049l');
    await does(terminal, 'cat file.txt', 'written in vim\r\n');
    await gone(workspace);
  });

  test('Ctrl-C ends a program that writes without end, and a prompt follows', async () => {
    const [terminal, workspace] = await opened();
    await does(terminal, 'yes', 'y\r\ny\r\ny\r\n');
    const from = terminal.shown.length;
    terminal.type('\x03');
    await terminal.untilShown('^C', from);
    await terminal.untilShown(PROMPT, terminal.shown.indexOf('^C', from));
    await gone(workspace);
  });

  test('5 MB come whole and in order to one who reads slowly', async () => {
    const workspace = runner.client.openWorkspace();
    const terminal = workspace.terminal({ reads: false });
    await terminal.untilShown(PROMPT);
    await does(terminal, "seq 1 700000 > numbers; wc -c < numbers; stty -onlcr; echo rea''dy", 'ready\n');
    const from = terminal.shown.length;
    terminal.type("cat numbers; stty onlcr; echo do''ne\n");
    for (let told = 0; !terminal.shown.includes('done\r\n', from); ) {
      await terminal.until(() => terminal.bytes > told);
      told = Math.min(terminal.bytes, told + 60_000);
      terminal.readTo(told);
    }
    const numbers = Array.from({ length: 700_000 }, (_, i) => `${i + 1}\n`).join('');
    expect(terminal.shown.slice(from).includes(numbers)).toBe(true);
    expect(terminal.faults).toEqual([]);
    await gone(workspace);
  });

  test('[A6] one that floods and is not read stops, and another in the same workspace goes on', async () => {
    const workspace = runner.client.openWorkspace();
    const flooding = workspace.terminal({ reads: false });
    const other = workspace.terminal();
    await Promise.all([flooding.untilShown(PROMPT), other.untilShown(PROMPT)]);
    flooding.type('yes\n');
    await flooding.until(() => flooding.shown.length > 100_000);
    await does(other, 'seq 1 100000', '\r\n100000\r\n');
    await does(other, 'echo $((6 * 7))', '42\r\n');
    const { length } = flooding.shown;
    expect(length).toBeLessThan(100_000 + 2 * 32 * 1024);
    flooding.readTo(length);
    await flooding.until(() => flooding.shown.length > length + 100_000);
    await gone(workspace);
    expect([flooding.faults, other.faults]).toEqual([[], []]);
  });

  test('a shell ends with its code, or with its signal, once', async () => {
    const [terminal, workspace] = await opened();
    const other = workspace.terminal();
    terminal.type('exit 42\n');
    expect(await terminal.ended()).toMatchObject({ exitCode: 42, signal: null });
    other.type('kill -9 $$\n');
    expect(await other.ended()).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    await gone(workspace);
    expect([terminal.ends.length, other.ends.length, terminal.faults, other.faults]).toEqual([1, 1, [], []]);
  });

  test('[A15] [A16] closing one ends what runs in it, also what ignores it, and nothing of another', async () => {
    const [terminal, workspace] = await opened();
    const other = workspace.terminal();
    const stubborn =
      'import signal, time; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]; print("u" "p", flush=True); time.sleep(999)';
    await does(terminal, `python3 -c '${stubborn}'`, 'up\r\n');
    await other.untilShown(PROMPT);
    await does(other, 'pgrep -fc [u].*p.*999', '1\r\n');
    terminal.close();
    expect(await terminal.ended()).toMatchObject({ exitCode: null });
    await does(other, 'pgrep -fc [u].*p.*999', '0\r\n');
    await gone(workspace);
  });

  test('[A8] NUL, control bytes, bytes that are no text and colours arrive as they are', async () => {
    const [terminal, workspace] = await opened();
    await does(terminal, 'stty -opost', PROMPT);
    await does(
      terminal,
      String.raw`printf 'fr''om\000\001\033[31mred\033[0m\377\300\r\n\007\033]0;title\007to'`,
      'from\x00\x01\x1b[31mred\x1b[0m\xff\xc0\r\n\x07\x1b]0;title\x07to',
    );
    await gone(workspace);
  });

  test('[A11] [A12] the agent’s own frames are out of reach', async () => {
    const [terminal, workspace] = await opened();
    await does(
      terminal,
      'echo forged > /proc/1/fd/1; cat /proc/1/environ',
      /Permission denied[\s\S]*Permission denied/,
    );
    await does(terminal, String.raw`printf '\000\000\000\000\000\001Z'; echo ' sh''own'`, 'Z shown\r\n');
    expect(terminal.ends).toEqual([]);
    await gone(workspace);
  });

  test('[A31] there is no network', async () => {
    const [terminal, workspace] = await opened();
    await does(terminal, 'echo only: $(command ls /sys/class/net)', 'only: lo\r\n');
    await does(terminal, 'exec 3<>/dev/tcp/192.0.2.1/80', 'Network is unreachable');
    await does(terminal, 'git clone -q https://example.org/x.git', 'Could not resolve host');
    await gone(workspace);
  });

  test('[A4] [A5] the folders have a size and a number of files, and the shell goes on beside them', async () => {
    const [terminal, workspace] = await opened();
    for (const folder of ['/w', '/tmp'])
      await does(terminal, `dd if=/dev/zero of=${folder}/full bs=1M`, 'No space left on device');
    await does(terminal, "rm /w/full /tmp/full; echo re''moved", 'removed\r\n');
    await does(
      terminal,
      `python3 -c 'for n in range(100_000): open(f"/w/{n}", "w").close()'; echo $((6 * 7))`,
      /No space left on device[\s\S]*42\r\n/,
    );
    await does(terminal, 'echo files: $(ls /w | wc -l)', /files: 65\d\d\d\r\n/);
    await gone(workspace);
  });

  test('[A7] a line of 100 MB passes, a piece at a time', async () => {
    const workspace = runner.client.openWorkspace();
    const terminal = workspace.terminal({ keeps: 1_000 });
    await terminal.untilShown(PROMPT);
    await does(terminal, "head -c 100000000 /dev/zero | tr '\\0' x; echo e''nd", 'xend\r\n');
    expect(terminal.bytes).toBeGreaterThan(100_000_000);
    expect(terminal.faults).toEqual([]);
    await gone(workspace);
  });
});
