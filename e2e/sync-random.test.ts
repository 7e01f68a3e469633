/** For a minute a program does to the disk whatever programs do, and somebody to the room: they end with the same files. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { diffLines } from '@codesync/ot';
import { Random, seedOfTest } from '@codesync/ot/testing';
import { FileId } from '@codesync/protocol';
import { expect, test } from 'vitest';
import { eventually } from './harness/eventually.ts';
import type { Witness } from './harness/witness.ts';
import { describeWithSandbox, useWorld } from './harness/world.ts';
import { RoomPage } from './pages/room-page.ts';
import { TerminalPane } from './pages/terminal-pane.ts';

/** How long, in seconds. */
const SECONDS = Number(process.env.SYNC_SECONDS ?? 60);

/** In the room as any file: it does random things to the others. `sums` has it say what is on the disk. */
const PROGRAM = `import hashlib, os, random, shutil, subprocess, sys, time
OWN = {"program.py", "sums.txt"}

def files():
    found = []
    for folder, folders, names in os.walk("."):
        folders[:] = [f for f in folders if f != ".git"]
        found += [os.path.relpath(os.path.join(folder, n), ".") for n in names]
    return sorted(set(found) - OWN)

def sums():
    lines = []
    for path in files():
        with open(path, "rb") as file:
            lines.append(hashlib.sha256(file.read()).hexdigest() + " " + path)
    with open("sums.txt", "w") as file:
        file.write("\\n".join([sys.argv[2], *lines]))

def git(*args):
    subprocess.run(["git", "-c", "user.name=P", "-c", "user.email=p@example.org", *args], capture_output=True)

def read(path):
    with open(path, newline="") as file:
        return file.read().split("\\n")

def write(path, lines):
    with open(path, "w", newline="") as file:
        file.write("\\n".join(lines))

def step(n):
    there = files()
    path = random.choice(there) if there else "a.txt"
    folder = random.choice(["", "x/", "x/y/", "z/"])
    name = folder + random.choice("abcdef") + ".txt"
    what = random.randrange(15)
    if what < 4 and there:
        lines = read(path)
        lines.insert(random.randrange(len(lines) + 1), "p%d" % n)
        write(path, lines)
    elif what == 4 and there:
        with open(path, "a") as file:
            file.write("p%d\\n" % n)
    elif what == 5 and there:
        lines = read(path)
        time.sleep(random.random() / 4)
        write(path, [line.replace("=", " = ").replace("  ", " ") for line in lines])
    elif what == 6 and there:
        lines = read(path)
        write(path + ".new", [line for line in lines if random.random() < 0.9])
        os.replace(path + ".new", path)
    elif what in (7, 8) and len(there) < 30:
        os.makedirs(folder or ".", exist_ok=True)
        write(name, ["v%d=%d" % (n, i) for i in range(random.randrange(8))])
    elif what == 9 and there and not os.path.exists(name):
        os.makedirs(folder or ".", exist_ok=True)
        os.rename(path, name)
    elif what == 10 and there:
        os.remove(path)
    elif what == 11 and os.path.isdir("x") and not os.path.exists("w"):
        os.rename("x", "w")
    elif what == 11 and os.path.isdir("w"):
        shutil.rmtree("w")
    elif what == 12:
        git("add", "-A", "--", ".", ":!program.py", ":!sums.txt")
        git("commit", "-qm", "p%d" % n)
    elif what == 13:
        git("stash", "-q")
        git("stash", "pop", "-q")
    elif what == 14:
        git("checkout", "-q", "--", ".")

if sys.argv[1] == "sums":
    sums()
else:
    random.seed(int(sys.argv[1]))
    git("init", "-q")
    n, end = 0, time.time() + float(sys.argv[2])
    while time.time() < end:
        n += 1
        try:
            step(n)
        except OSError:
            # The room was faster.
            pass
        time.sleep(random.random() * 0.15)
    print("did", n)
`;

describeWithSandbox('the files of a room and the disk of its workspace', () => {
  const world = useWorld();

  test('end alike, whatever programs and people do at once', async () => {
    const seed = seedOfTest();
    console.log(`seed ${seed}`);
    const random = new Random(seed);
    const ada = await world.person('Ada');
    const room = await ada.createRoom('python');
    const page = await RoomPage.open(ada, room);
    const witness = await ada.witness(room);
    await witness.send({ kind: 'file.create', file: newFile(), path: 'program.py', text: PROGRAM });
    const shell = new TerminalPane(page);
    await shell.show();
    await shell.open();

    await shell.enter(`python3 program.py ${seed} ${SECONDS}; echo over`);
    const end = Date.now() + SECONDS * 1_000;
    let edits = 0;
    while (Date.now() < end) {
      await act(witness, random, `r${++edits}`);
      await sleep(random.below(150));
    }
    await shell.until(/^over$/m);
    console.log(`${edits} times in the room, ${/did (\d+)/.exec(await shell.text())?.[1]} times on the disk`);

    let round = 0;
    await eventually(
      'room and disk have the same files',
      async () => {
        const name = `round-${++round}`;
        await shell.enter(`python3 program.py sums ${name}`);
        await witness.untilText('sums.txt', (text) => text.startsWith(name));
        return witness.text('sums.txt') === [name, ...sumsOf(witness)].join('\n');
      },
      () => `${sumsOf(witness).join('\n')}\n\n${witness.text('sums.txt')}`,
    );
    expect(edits).toBeGreaterThan(10);
  });
});

const OWN = ['program.py', 'sums.txt'];
const newFile = (): FileId => FileId.parse(randomBytes(9).toString('base64url'));
const pathsOf = ({ paths }: Witness) => paths.filter((path) => !OWN.includes(path));

/** What the room has, in the order of Python's. */
function sumsOf(witness: Witness): string[] {
  return pathsOf(witness)
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((path) => `${createHash('sha256').update(witness.text(path)).digest('hex')} ${path}`);
}

/** One thing that a person does. A refusal is an answer like any other: a program may have been faster. */
async function act(witness: Witness, random: Random, word: string): Promise<void> {
  const paths = pathsOf(witness);
  const path = paths.length > 0 ? random.pick(paths) : null;
  const name = `${random.pick(['', 'x/', 'x/y/', 'z/']) + random.pick([...'abcdef'])}.txt`;
  const what = random.below(10);
  if (path !== null && what < 6) {
    const file = witness.fileId(path);
    const { version, buffer } = witness.fold.texts.get(file)!;
    const before = buffer.toString();
    const lines = before.split('\n');
    if (what === 0) lines.splice(random.below(lines.length), 1);
    else lines.splice(random.below(lines.length + 1), 0, `${word}=1`);
    await witness.send({ kind: 'edit', file, base: version, op: diffLines(before, lines.join('\n')) });
  } else if (what === 6 && paths.length < 30) {
    await witness.send({ kind: 'file.create', file: newFile(), path: name, text: `${word}\n` });
  } else if (path !== null && what === 7) {
    await witness.send({ kind: 'file.rename', file: witness.fileId(path), path: name });
  } else if (path !== null && what === 8) {
    await witness.send({ kind: 'file.delete', file: witness.fileId(path) });
  } else if (what === 9) {
    await witness.send({
      kind: 'folder.move',
      from: random.pick(['x', 'z', 'x/y']),
      to: random.pick(['q', 'z']),
    });
  }
}
