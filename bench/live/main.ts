/**
 * People typing together, over CodeSync and over others (README.md says what the lines mean).
 *
 *   npm run bench -- live [--lines 10x5,100x2] [--peers codesync,echo] [--quick] [--json] [--profile folder]
 *
 * `--profile` writes a CPU profile of every server that was measured into the folder. When it is stopped early, the
 * bench tells the lines that it has.
 */
import { flags, pick } from '../lib/flags.ts';
import { machine } from '../lib/machine.ts';
import { FULL, inOne, LINES, type Line, type LineName, type Outcome, QUICK, type Running } from './lines.ts';
import type { PeerServer } from './peer.ts';
import { loadPeer, PEERS, type PeerName } from './peers/index.ts';
import { asJson, asText, type Results } from './results.ts';

const chosen = flags(['lines', 'peers', 'profile'], ['quick', 'json']);
const lines = pick(chosen.lines, Object.keys(LINES) as LineName[], 'line');
const peers = pick(chosen.peers, Object.keys(PEERS) as PeerName[], 'peer');
const size = chosen.quick ? QUICK : FULL;
const made = machine();
const outcomes = new Map<LineName, ReadonlyMap<PeerName, Outcome>>();
const up = new Set<PeerServer>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    const stopped = Promise.allSettled([...up].map((server) => server.stop()));
    void Promise.allSettled([tell(), stopped]).then(() => process.exit(130));
  });
}

// Every y-websocket client listens for the end of the process.
process.setMaxListeners(0);
const shared = lines.filter((name) => !LINES[name].fresh);
if (shared.length > 0) {
  const running: Running[] = [];
  for (const name of peers) running.push(await start(name));
  for (const name of shared) {
    process.stderr.write(`${name}  ${LINES[name].title}\n`);
    const line: Line = LINES[name];
    note(name, await line.measure(running, size));
  }
  for (const { server } of running) await stop(server);
}
for (const name of lines.filter((name) => LINES[name].fresh)) {
  process.stderr.write(`${name}  ${LINES[name].title}\n`);
  const line: Line = LINES[name];
  const found: Outcome[][] = peers.map(() => []);
  for (let fill = 0; fill < size.fills; fill++) {
    for (const [i, peer] of peers.entries()) {
      const running = await start(peer);
      found[i]!.push(...(await line.measure([running], size)));
      await stop(running.server);
    }
  }
  note(name, found.map(inOne));
}

await tell();
process.exit(0);

async function tell(): Promise<void> {
  const results: Results = { at: new Date(), machine: made, size, peers, outcomes };
  console.log(chosen.json ? await asJson(results) : await asText(results));
}

async function start(name: PeerName): Promise<Running> {
  const peer = await loadPeer(name);
  const server = await peer.start(chosen.profile ?? null);
  up.add(server);
  return { peer, server };
}

async function stop(server: PeerServer): Promise<void> {
  up.delete(server);
  await server.stop();
}

function note(line: LineName, found: readonly Outcome[]): void {
  outcomes.set(line, new Map(peers.map((peer, i) => [peer, found[i]!])));
}
