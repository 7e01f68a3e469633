/**
 * The bare command on this machine, in no container: the very toolchain of the image where this process may enter its
 * files (as root), what is in PATH otherwise.
 */
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Language } from '@codesync/protocol';
import { LABEL } from '../../../apps/runner/src/labels.ts';
import { processName } from '../../../apps/runner/src/process-name.ts';
import type { Job, Way } from '../way.ts';
import type { Docker } from './containers.ts';
import { Listening } from './going.ts';

const run = promisify(execFile);
const CACHE = new URL('../../../.cache/bench/', import.meta.url).pathname;

const FILES: Readonly<Record<Language, string>> = {
  python: 'main.py',
  javascript: 'main.js',
  go: 'main.go',
  rust: 'main.rs',
};
const COMMANDS: Readonly<Record<Language, readonly string[]>> = {
  python: ['python3', 'main.py'],
  javascript: ['node', 'main.js'],
  go: ['go', 'run', 'main.go'],
  rust: ['sh', '-c', 'rustc -o main main.rs && exec ./main'],
};

/** Where the toolchain lies. */
type Place = {
  readonly remark: string;
  /** The folder that programs are put into. */
  readonly folder: string;
  readonly wrap: (command: readonly string[]) => readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

export type LocalWay = Way & { remove(): void };

/** @param image an image of that engine: its id. */
export async function localWay(docker: Docker, image: string): Promise<LocalWay> {
  const place = process.getuid?.() === 0 ? await insideImage(docker, image) : fromPath();
  return {
    title: 'bare local',
    remark: place.remark,
    async prepare({ language, text, binary }: Job) {
      const file = path.join(place.folder, FILES[language]);
      const kept = path.join(place.folder, 'kept');
      // Several may run the same text at a time: none may meet a file that is being written.
      if (binary !== undefined) fs.writeFileSync(kept, binary, { mode: 0o755 });
      else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) fs.writeFileSync(file, text);
      const [command, ...args] = place.wrap(binary === undefined ? COMMANDS[language] : ['./kept']);
      return () => {
        const going = new Listening(() => void child.kill());
        const child = spawn(command!, args, {
          cwd: place.folder,
          env: place.env,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        child.stdout.on('data', (bytes: Buffer) => going.out(bytes));
        child.stderr.on('data', (bytes: Buffer) => going.errBytes(bytes));
        child.once('error', (error) => going.err(error.message));
        child.once('close', () => going.over());
        return going;
      };
    },
    remove: () => fs.rmSync(place.folder, { recursive: true, force: true }),
  };
}

/** Copies of earlier images go; the copy of this one stays for the next time. */
async function insideImage(docker: Docker, image: string): Promise<Place> {
  const name = `image-${image.replace('sha256:', '').slice(0, 16)}`;
  const root = path.join(CACHE, name);
  if (!fs.existsSync(root)) {
    process.stderr.write('Copying the files of the sandbox image, once…\n');
    fs.mkdirSync(CACHE, { recursive: true });
    for (const old of fs.readdirSync(CACHE)) {
      if (old.startsWith('image-')) fs.rmSync(path.join(CACHE, old), { recursive: true, force: true });
    }
    const fresh = fs.mkdtempSync(path.join(CACHE, 'image-copying-'));
    await copyFiles(docker, image, fresh);
    // The go command reads from and writes to it.
    await run('mknod', ['-m', '666', path.join(fresh, 'dev/null'), 'c', '1', '3']);
    fs.renameSync(fresh, root);
  }
  const folder = fs.mkdtempSync(path.join(root, 'tmp', 'bench-'));
  const within = folder.slice(root.length);
  return {
    remark: 'bare local: the toolchain of the image, entered by chroot',
    folder,
    wrap: (command) => ['chroot', root, 'env', '-C', within, ...command],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
      HOME: '/tmp',
      PYTHONDONTWRITEBYTECODE: '1',
      CGO_ENABLED: '0',
      // Where there is no /proc, the go command cannot find out by itself.
      GOROOT: '/usr/lib/go-1.24',
      GOCACHE: '/tmp/go-cache',
      GOTELEMETRY: 'off',
    },
  };
}

async function copyFiles(docker: Docker, image: string, to: string): Promise<void> {
  const container = await docker.createContainer({
    Image: image,
    Cmd: ['python'],
    NetworkDisabled: true,
    Labels: { [LABEL.instance]: `bench-${process.pid}`, [LABEL.runner]: processName() },
  });
  try {
    const archive = await container.export();
    const tar = spawn('tar', ['--extract', '--numeric-owner', '--directory', to], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const code = new Promise((resolve) => tar.once('close', resolve));
    archive.pipe(tar.stdin);
    if ((await code) !== 0) throw new Error('the files of the image could not be unpacked');
  } finally {
    await container.remove({ force: true });
  }
}

function fromPath(): Place {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-bench-local-'));
  return {
    remark: 'bare local: what is in PATH, in whatever versions (only root can enter the image’s toolchain)',
    folder,
    wrap: (command) => command,
    env: { PATH: process.env.PATH ?? '', HOME: folder, PYTHONDONTWRITEBYTECODE: '1', CGO_ENABLED: '0' },
  };
}
