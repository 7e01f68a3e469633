/**
 * The image that sandboxes are made of, under a tag that is the hash of its sources: there already, or built now.
 * Its base is what the machine has, what the registry gives in a few seconds, or what debootstrap makes.
 */
import { execFile, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type Docker from 'dockerode';
import { BuildProgress, type Progress } from './build-progress.ts';
import { answered } from './deadline.ts';
import { contextTar, readContext } from './image-context.ts';
import { canInstall, hasProgram, install } from './installing.ts';
import { LABEL } from './labels.ts';
import { withLock } from './lock.ts';

const run = promisify(execFile);

const BASE = 'debian:trixie-slim';
const NAME = 'codesync-sandbox';
/** A registry that can be reached answers at once; one that cannot may take minutes to fail. */
const PULL_SILENCE_MS = 8_000;
/** Images of earlier sources are kept a while for those who go back and forth between them. */
const KEEP_OLD_MS = 7 * 24 * 60 * 60_000;

export type ImageOptions = {
  readonly docker: Docker;
  /** The folder `sandbox/` of this checkout. */
  readonly folder: string;
  readonly progress: (progress: Progress) => void;
};

/** The tag that the present sources have. */
export function imageTag(folder: string): string {
  return `${NAME}:${readContext(folder).hash}`;
}

/** Returns the image's id, building it first if need be. Throws an error whose last line says what failed. */
export async function ensureImage(options: ImageOptions): Promise<string> {
  const tag = imageTag(options.folder);
  const present = await imageId(options.docker, tag);
  if (present !== null) return present;
  const waiting = () =>
    options.progress({
      step: 'Waiting',
      percent: 0,
      detail: 'Another CodeSync on this machine is building the image.',
    });
  await withLock(join(tmpdir(), `${tag.replace(':', '-')}.lock`), waiting, async () => {
    if ((await imageId(options.docker, tag)) !== null) return;
    await ensureBase(options);
    await build(options, tag);
    await prune(options.docker, tag);
  });
  const built = await imageId(options.docker, tag);
  if (built === null) throw new Error(`the image ${tag} is not there after its build`);
  return built;
}

async function imageId(docker: Docker, tag: string): Promise<string | null> {
  try {
    return (await answered(docker.getImage(tag).inspect())).Id;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return null;
    throw error;
  }
}

async function ensureBase({ docker, folder, progress }: ImageOptions): Promise<void> {
  if ((await imageId(docker, BASE)) !== null) return;
  progress({ step: 'Base system', percent: 0, detail: `Fetching ${BASE}.` });
  const refused = await pull(docker).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (refused === null) return;
  if (!hasProgram('debootstrap') && canInstall())
    await install(['debootstrap', 'debian-archive-keyring'], {
      say: (_, detail) => progress({ step: 'Base system', percent: 0, detail }),
    });
  if (!hasProgram('debootstrap') || process.getuid?.() !== 0)
    throw new Error(
      `${BASE} can neither be pulled (${refused}) nor be made here: that needs debootstrap and root`,
    );
  progress({
    step: 'Base system',
    percent: 1,
    detail: 'Making a base with debootstrap: no image registry answers.',
  });
  await importBase(docker, folder);
}

async function pull(docker: Docker): Promise<void> {
  const abort = new AbortController();
  let silence = setTimeout(() => abort.abort(new Error('no answer')), PULL_SILENCE_MS);
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => abort.abort(new Error('no answer')), PULL_SILENCE_MS);
  };
  try {
    await Promise.race([
      new Promise((_, reject) => abort.signal.addEventListener('abort', () => reject(abort.signal.reason))),
      docker.pull(BASE, { abortSignal: abort.signal }).then((stream) => follow(docker, stream, heard)),
    ]);
  } finally {
    clearTimeout(silence);
  }
}

async function importBase(docker: Docker, folder: string): Promise<void> {
  const mirror = await aptMirror();
  const script = spawn(join(folder, 'base.sh'), mirror === null ? [] : [mirror], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
  });
  let said = '';
  script.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4_000);
  });
  const ended = new Promise<number | null>((resolve) => {
    script.once('error', (error) => {
      said = error.message;
      resolve(null);
    });
    script.once('exit', resolve);
  });
  const [repo, tag] = BASE.split(':');
  const imported = await docker.importImage(script.stdout, { repo, tag });
  const [code] = await Promise.all([ended, follow(docker, imported as NodeJS.ReadableStream, () => {})]);
  if (code !== 0) {
    await docker
      .getImage(BASE)
      .remove({ force: true })
      .catch(() => {});
    throw new Error(`debootstrap failed: ${said.trim().split('\n').at(-1)}`);
  }
}

/** The Debian mirror that apt is set to, or null where apt has none: debootstrap then uses its own default. */
async function aptMirror(): Promise<string | null> {
  try {
    const format = '$(ORIGIN)|$(LABEL)|$(REPO_URI)';
    const { stdout } = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
    for (const line of stdout.split('\n')) {
      const [origin, label, uri] = line.split('|');
      if (origin === 'Debian' && label === 'Debian' && uri) return uri;
    }
  } catch {
    // No apt here.
  }
  return null;
}

async function build({ docker, folder, progress }: ImageOptions, tag: string): Promise<void> {
  const reader = new BuildProgress();
  const stream = await docker.buildImage(contextTar(readContext(folder)), {
    t: tag,
    networkmode: 'host',
    rm: true,
    forcerm: true,
    labels: { [LABEL.image]: tag },
    buildargs: proxies(),
  });
  let tail = '';
  await follow(docker, stream, (event) => {
    if (typeof event.stream !== 'string') return;
    tail = (tail + event.stream).slice(-4_000);
    for (const line of event.stream.split('\n')) {
      const now = reader.line(line.trim());
      if (now !== null) progress(now);
    }
  }).catch((error: unknown) => {
    throw new Error(
      `${tail.trim().split('\n').slice(-5).join('\n')}\n${error instanceof Error ? error.message : error}`,
    );
  });
}

/** What the build's downloads need on a machine behind a proxy; the engine keeps these out of the image. */
function proxies(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** Waits for the end of one of the engine's progress streams; rejects with the error it reports, if any. */
function follow(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  event: (event: { stream?: unknown }) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null) => (error ? reject(error) : resolve()), event);
  });
}

/** Removes images of sources that are long gone; one that a container still uses stays. */
async function prune(docker: Docker, keep: string): Promise<void> {
  const images = await docker.listImages({ filters: { label: [LABEL.image] } });
  for (const image of images) {
    const old = Date.now() - image.Created * 1000 > KEEP_OLD_MS;
    if (old && !image.RepoTags?.includes(keep))
      await docker
        .getImage(image.Id)
        .remove()
        .catch(() => {});
  }
}
