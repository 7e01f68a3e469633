/**
 * `node apps/runner/test/agent-checks.ts`: gofmt, vet and the tests of the agent, in a container of the sandbox image,
 * where Go is and where the agent stands. Prints what they say. Exit codes: 0 all is well, 1 it is not, 3 there is no
 * engine or no image, with the reason as the only line.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { pack } from 'tar-stream';
import { AttachDecoder } from '../src/attach-stream.ts';
import { containerSpec } from '../src/container-spec.ts';
import { dockerClient, engineProblem } from '../src/engine.ts';
import { imageTag } from '../src/image.ts';
import { LABEL } from '../src/labels.ts';
import { FIRST_UID } from '../src/limits.ts';
import { processName } from '../src/process-name.ts';

const SKIPPED = 3;
const SANDBOX = fileURLToPath(new URL('../../../sandbox', import.meta.url));
const AGENT = join(SANDBOX, 'agent');

/**
 * The tests take the shell's place as process 1. With the flags that the image's standard library was compiled with, it
 * is not compiled again.
 */
const SCRIPT = `
set -eu
mkdir /tmp/agent
cd /tmp/agent
tar -x
unformatted=$(gofmt -l .)
if [ -n "$unformatted" ]; then gofmt -d $unformatted; exit 1; fi
export CGO_ENABLED=0 GOCACHE=/tmp/go-cache GODEBUG=installgoroot=all GOFLAGS= GOPROXY=off GOTELEMETRY=off
flags='-trimpath -gcflags=all=-dwarf=false'
go vet $flags .
go test -c $flags -o /tmp/agent.test .
unset CGO_ENABLED GOCACHE GODEBUG GOFLAGS GOPROXY GOTELEMETRY
exec /tmp/agent.test -test.v -test.timeout 240s
`;

const MEBIBYTE = 1024 * 1024;
const folder = (mebibytes: number) =>
  `rw,exec,nosuid,nodev,size=${mebibytes}m,uid=${FIRST_UID},gid=${FIRST_UID}`;

function skip(reason: string): never {
  console.log(reason);
  process.exit(SKIPPED);
}

/** The image of these sources, or the latest of others: the same Go is in all of them. Null where there is none. */
async function anyImage(): Promise<string | null> {
  const [own, images] = [imageTag(SANDBOX), await docker.listImages({ filters: { label: [LABEL.image] } })];
  const latest = images.toSorted((a, b) => b.Created - a.Created);
  return (latest.find(({ RepoTags }) => RepoTags?.includes(own)) ?? latest[0])?.Id ?? null;
}

const docker = dockerClient();
const problem = await engineProblem(docker);
if (problem !== null) skip('no container engine answers here');
const image = await anyImage();
if (image === null) skip('the sandbox image is not made yet');

const spec = containerSpec({
  image,
  instance: 'agent-checks',
  runner: processName(),
  purpose: { profile: 'run', language: 'go' },
  slot: 0,
  cpus: ((await docker.info()) as { NCPU: number }).NCPU,
});
const container = await docker.createContainer({
  ...spec,
  Entrypoint: ['/bin/sh', '-c', SCRIPT],
  Cmd: [],
  HostConfig: {
    ...spec.HostConfig,
    // The compiler works here, beside the tests.
    Memory: 1024 * MEBIBYTE,
    MemorySwap: 1024 * MEBIBYTE,
    CpuShares: 1024,
    Tmpfs: { '/w': folder(16), '/tmp': folder(512) },
  },
});
const stream = (await container.attach({
  stream: true,
  stdin: true,
  stdout: true,
  stderr: true,
  hijack: true,
})) as Duplex;
const decoder = new AttachDecoder();
stream.on('data', (chunk: Buffer) => {
  for (const { bytes } of decoder.push(chunk)) process.stdout.write(bytes);
});
const ended = new Promise((resolve) => stream.once('end', resolve));
const exited = container.wait({ condition: 'removed' }) as Promise<{ StatusCode: number }>;
await container.start();
const sources = pack();
for (const path of readdirSync(AGENT, { recursive: true, encoding: 'utf8' }).sort())
  if (statSync(join(AGENT, path)).isFile()) sources.entry({ name: path }, readFileSync(join(AGENT, path)));
sources.finalize();
sources.pipe(stream);
const [{ StatusCode }] = await Promise.all([exited, ended]);
if (StatusCode !== 0) console.log(`The container ended with code ${StatusCode}.`);
process.exit(StatusCode === 0 ? 0 : 1);
