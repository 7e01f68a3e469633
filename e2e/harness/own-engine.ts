/**
 * A machine within the machine on which no container engine runs yet: a server that is started in it starts one of
 * its own, whose files, sockets and processes are no other's, so that it can be killed without harm to anybody.
 * Takes root, and an engine on the machine that has the sandbox image.
 */
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { engineGet, MACHINE_ENGINE } from './engine.ts';
import { eventually } from './eventually.ts';
import type { Need } from './needs.ts';
import { ROOT } from './paths.ts';
import { commandOf, lives, signalAll, treeOf } from './processes.ts';
import { MOUNTS } from './small-disk.ts';

/** Mounts last as long as processes that see them: nothing is to be unmounted. */
const ENTER = [
  'mkdir -p /var/lib/docker',
  'mount --bind "$0/run" /run',
  'mount --bind "$0/lib" /var/lib/docker',
  'exec "$@"',
].join(' && ');

/** As the product starts it: no network that the machine would have to be set up for. */
const DOCKERD = ['dockerd', '--bridge=none', '--iptables=false', '--ip6tables=false', '--log-level=warn'];

/** Compilers, and what only they read: copying a gigabyte takes longer than the test. */
const LEFT_OUT = [
  'usr/lib/go-*/*',
  'usr/lib/rustlib/*',
  'usr/share/go-*/*',
  'usr/include/*',
  '*libLLVM*',
  '*librustc_driver*',
  '*libstd-*',
];

/** Whether this machine can be given another within itself. */
export const OWN_MACHINE: Need = {
  what: 'room for another machine with an engine of its own',
  met:
    MOUNTS.met &&
    MACHINE_ENGINE.startsWith('unix://') &&
    ['/usr/sbin/dockerd', '/usr/bin/dockerd'].some((file) => fs.existsSync(file)),
};

export class OwnEngine {
  readonly #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-engine-'));

  private constructor() {
    for (const name of ['run', 'lib']) fs.mkdirSync(path.join(this.#folder, name), { mode: 0o711 });
  }

  /** A machine with an image for Python and JavaScript; no engine runs on it. */
  static async prepare(): Promise<OwnEngine> {
    const own = new OwnEngine();
    const [program, ...args] = [...own.by, ...DOCKERD];
    const daemon = spawn(program!, args, { stdio: 'ignore' });
    const ended = new Promise((resolve) => daemon.once('exit', resolve));
    await eventually('the engine answers', () => own.#answers(), undefined, 60_000);
    await own.#copyImage();
    daemon.kill('SIGTERM');
    await ended;
    return own;
  }

  /** What a program is to be started by in order to be on this machine. */
  get by(): readonly string[] {
    return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', ENTER, this.#folder];
  }

  /** Where its engine listens, as seen from outside. */
  get host(): string {
    return `unix://${this.#socket}`;
  }

  /** The engine that runs now. */
  get pid(): number {
    return Number(fs.readFileSync(this.#pidFile, 'utf8'));
  }

  /** Kill -9 of the engine. With `keepAway` none can start until `letBack`: it takes somebody else for itself. */
  async kill({ keepAway = false } = {}): Promise<void> {
    const { pid } = this;
    process.kill(pid, 'SIGSTOP');
    if (keepAway) fs.writeFileSync(this.#pidFile, String(process.pid));
    process.kill(pid, 'SIGKILL');
    await eventually('the engine is dead', () => !lives(pid));
  }

  /** Lets it hang: nothing is answered and no connection closes, until it goes on. */
  hang(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  goOn(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  letBack(): void {
    fs.rmSync(this.#pidFile);
  }

  /** The first process of every container that runs. */
  async containerPids(): Promise<number[]> {
    const { body } = await engineGet('/containers/json', this.host);
    const containers: { Id: string }[] = JSON.parse(body);
    const details = await Promise.all(
      containers.map(({ Id }) => engineGet(`/containers/${Id}/json`, this.host)),
    );
    return details.map((detail) => (JSON.parse(detail.body) as { State: { Pid: number } }).State.Pid);
  }

  /**
   * What runs on this machine, containers left out: servers, engines, and what these have started. A shim whose container
   * never started is no part of it: an engine that is killed while it begins one forgets it, and nobody has it end.
   */
  processes(): number[] {
    return this.#all().filter(
      (pid) => !isShim(pid) || treeOf(pid).some((other) => other !== pid && !isBegun(other)),
    );
  }

  #all(): number[] {
    const mark = fs.statSync(path.join(this.#folder, 'run'));
    return fs
      .readdirSync('/proc')
      .map(Number)
      .filter((pid) => {
        try {
          const { dev, ino } = fs.statSync(`/proc/${pid}/root/run`);
          return pid > 0 && dev === mark.dev && ino === mark.ino && lives(pid);
        } catch {
          return false;
        }
      });
  }

  /** Ends whatever still runs on it, and removes it. */
  async dispose(): Promise<void> {
    signalAll(this.#all(), 'SIGKILL');
    await eventually('nothing runs there', () => this.#all().length === 0);
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  get #socket(): string {
    return path.join(this.#folder, 'run/docker.sock');
  }

  get #pidFile(): string {
    return path.join(this.#folder, 'run/docker.pid');
  }

  #answers(): Promise<boolean> {
    return engineGet('/_ping', this.host).then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  async #copyImage(): Promise<void> {
    const image = wantedImage();
    const known = await engineGet(`/images/${image}/json`);
    if (known.status !== 200) throw new Error(`The engine of this machine has no ${image}: ${known.body}`);
    const { Config } = JSON.parse(known.body);
    const changes = [
      `ENTRYPOINT ${JSON.stringify(Config.Entrypoint)}`,
      `USER ${Config.User}`,
      `WORKDIR ${Config.WorkingDir}`,
      ...(Config.Env as string[]).map((variable) => `ENV ${variable}`),
    ];
    const [repo, tag] = image.split(':') as [string, string];
    const query = new URLSearchParams({ fromSrc: '-', repo, tag });
    for (const change of changes) query.append('changes', change);

    const { Id } = JSON.parse(
      await text(await ask(MACHINE_ENGINE, 'POST', '/containers/create', { Image: image })),
    );
    const files = path.join(this.#folder, 'image');
    fs.mkdirSync(files);
    const unpack = spawn('tar', ['-x', '-C', files, ...LEFT_OUT.map((name) => `--exclude=${name}`)], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    const unpacked = succeeded(unpack);
    await pipeline(await ask(MACHINE_ENGINE, 'GET', `/containers/${Id}/export`), unpack.stdin!);
    await unpacked;
    await text(await ask(MACHINE_ENGINE, 'DELETE', `/containers/${Id}`));
    const pack = spawn('tar', ['-c', '-C', files, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said = await text(await ask(this.host, 'POST', `/images/create?${query}`, pack.stdout!));
    if (said.includes('"error"')) throw new Error(`The image could not be taken over: ${said}`);
    fs.rmSync(files, { recursive: true });
  }
}

/** Whether it is what stands between the engine and the first process of a container, which is its child. */
function isShim(pid: number): boolean {
  return commandOf(pid).includes('/containerd-shim');
}

/** Whether it is a container's first process before its program was started in it. */
function isBegun(pid: number): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('runc:[');
  } catch {
    // It has gone.
    return true;
  }
}

/** The name of the image that the product makes sandboxes of, by its own word: it changes with the image's sources. */
function wantedImage(): string {
  const question =
    "import { imageTag } from './apps/runner/src/image.ts'; process.stdout.write(imageTag('sandbox'));";
  return execFileSync(process.execPath, ['--input-type=module', '-e', question], {
    cwd: ROOT,
    encoding: 'utf8',
  });
}

function ask(
  host: string,
  method: string,
  target: string,
  body: object | NodeJS.ReadableStream = {},
): Promise<http.IncomingMessage> {
  const stream = 'pipe' in body ? body : null;
  const headers = { 'Content-Type': stream === null ? 'application/json' : 'application/x-tar' };
  return new Promise((resolve, reject) => {
    const request = http.request(
      { socketPath: host.replace('unix://', ''), path: target, method, headers },
      (reply) => {
        if (reply.statusCode! < 300) resolve(reply);
        else text(reply).then((said) => reject(new Error(`${method} ${target}: ${said}`)), reject);
      },
    );
    request.once('error', reject);
    if (stream === null) request.end(method === 'POST' ? JSON.stringify(body) : undefined);
    else stream.pipe(request);
  });
}

async function text(reply: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function succeeded(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`tar ended with ${code}`))));
  });
}
