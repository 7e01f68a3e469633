/**
 * Machines that are far from each other, as network namespaces of this one: each has lines, of which one is in use. By
 * `tc … netem` where the kernel has it, else through a program that holds packets (held.py). Namespaces and lines have no
 * names outside: they are gone with the processes in them.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { quantile } from '../lib/stats.ts';

const run = promisify(execFile);

/** In the network that is kept for benches (RFC 2544). */
const GATEWAY = '198.18.255.254';
/** Of the two ends of each line: it has no others. */
const MAC = '02:00:00:00:00:02';
const GATEWAY_MAC = '02:00:00:00:00:01';
/** Packets that may be on their way out of one machine. */
const NETEM_PACKETS = 10_000;
/** What holds packets is to be late for none. */
const NICE = '-15';
const PINGS = 20;
/** From the loss of a line to the other one: a browser hears of neither where there is nothing between. */
const GAP_MS = 300;

export type Place = 'server' | 'relay' | 'ada' | 'bea';
type Line = { readonly device: string; readonly address: string; readonly ms: number };

/** From a machine to the middle of the network, or back. From one to another, and back, it is four times as much. */
const LINE_MS = 25;

/** The lines of each; the first one is in use at the beginning. The relay is in the middle, on the way between two people. */
export const LINES = {
  server: [{ device: 'server0', address: '198.18.0.1', ms: LINE_MS }],
  relay: [{ device: 'relay0', address: '198.18.0.2', ms: 0 }],
  ada: [
    { device: 'ada0', address: '198.18.1.1', ms: LINE_MS },
    { device: 'ada1', address: '198.18.1.2', ms: LINE_MS },
  ],
  bea: [
    { device: 'bea0', address: '198.18.2.1', ms: LINE_MS },
    { device: 'bea1', address: '198.18.2.2', ms: LINE_MS },
  ],
} as const satisfies Record<Place, readonly Line[]>;

const ALL_LINES = Object.values(LINES).flat();

/** Whether this kernel can hold packets by itself. */
export async function hasNetem(): Promise<boolean> {
  const tried = run('unshare', ['--net', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms']);
  return tried.then(
    () => true,
    () => false,
  );
}

export class Network {
  /** How packets are held, in words. */
  readonly how: string;
  readonly #netem: boolean;
  /** All that has to live as long as the network: what keeps its namespaces, and what holds packets. */
  readonly #children: ChildProcess[] = [];
  readonly #pids = new Map<Place, number>();
  readonly #used = new Map<Place, Line>();

  private constructor(netem: boolean) {
    this.#netem = netem;
    this.how = netem ? 'tc netem' : 'a program between TUN devices that holds packets';
  }

  /** This process, in a namespace of its own, is at the server. */
  static async open(): Promise<Network> {
    const network = new Network(await hasNetem());
    try {
      await network.#ip([], ['link set lo up']);
      network.#pids.set('server', process.pid);
      for (const place of ['relay', 'ada', 'bea'] as const) {
        network.#pids.set(place, await network.#namespace());
        await network.#ip(network.entering(place), ['link set lo up']);
      }
      if (network.#netem) await network.#connect();
      else await network.#hold();
      for (const place of Object.keys(LINES) as Place[]) await network.#plug(place);
      return network;
    } catch (error) {
      await network.close();
      throw error;
    }
  }

  /** The words before a command that is to be run there. */
  entering(place: Place): readonly string[] {
    return ['nsenter', `--net=/proc/${this.#pids.get(place)}/ns/net`, '--'];
  }

  /** The line that is in use there. */
  used(place: Place): Line {
    return this.#used.get(place)!;
  }

  /** There the line in use is lost, and the other one comes instead. Resolves to when it was lost, in Unix milliseconds. */
  async change(place: Place): Promise<number> {
    const before = this.used(place);
    const next = LINES[place].find((line) => line !== before)!;
    const lose = [`address flush dev ${before.device}`, `link set ${before.device} down`];
    const at = await this.#ip(this.entering(place), lose);
    await pause(GAP_MS);
    await this.#ip(this.entering(place), this.#up(next));
    this.#used.set(place, next);
    return at;
  }

  /** The median of a few round trips, in milliseconds. */
  async roundTripMs(from: Place, to: Place): Promise<number> {
    const [program, ...args] = this.entering(from);
    const { stdout } = await run(program!, [
      ...args,
      'ping',
      '-c',
      `${PINGS}`,
      '-i',
      '0.1',
      this.used(to).address,
    ]);
    return quantile(
      [...stdout.matchAll(/ time=([\d.]+) ms/g)].map(([, ms]) => Number(ms)),
      0.5,
    );
  }

  async close(): Promise<void> {
    for (const child of this.#children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.stdin!.end();
      await ended;
    }
  }

  /** Lives until this process ends, or closes it. */
  async #child(program: string, args: readonly string[]): Promise<ChildProcess> {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#children.push(child);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${program} ended`)));
    await Promise.race([once(child.stdout, 'data'), ended]);
    ended.catch(() => {});
    return child;
  }

  /** A new one, by the process that keeps it. */
  async #namespace(): Promise<number> {
    const { pid } = await this.#child('unshare', ['--net', 'sh', '-c', 'echo ready; exec cat']);
    return pid!;
  }

  /**
   * Has `ip` do all of this at once. Resolves to when it began, in Unix milliseconds.
   * @param entering the words before a command that is to be run elsewhere
   */
  async #ip(entering: readonly string[], commands: readonly string[]): Promise<number> {
    const script = `date +%s%N\nexec ip -batch - <<'END'\n${commands.join('\n')}\nEND`;
    const [program, ...args] = [...entering, 'sh', '-ec', script];
    const { stdout } = await run(program!, args);
    return Number(stdout) / 1e6;
  }

  async #hold(): Promise<void> {
    const devices = ALL_LINES.map(({ device, address, ms }) => `${device}=${address}=${ms}`);
    const file = new URL('held.py', import.meta.url).pathname;
    await this.#child('nice', ['-n', NICE, 'python3', file, ...devices]);
  }

  /** Lines that end at a router, which is one more namespace. */
  async #connect(): Promise<void> {
    const router = await this.#namespace();
    const entering = ['nsenter', `--net=/proc/${router}/ns/net`, '--'];
    const ends = ALL_LINES.map((line) => ({ ...line, end: `${line.device}-end` }));
    await this.#ip(
      [],
      ends.flatMap(({ device, end }) => [
        `link add ${device} address ${MAC} type veth peer name ${end} address ${GATEWAY_MAC}`,
        `link set ${end} netns ${router}`,
      ]),
    );
    await this.#ip(
      entering,
      ends.flatMap(({ address, end }) => [
        `link set ${end} up`,
        `route add ${address}/32 dev ${end}`,
        `neighbour add ${address} lladdr ${MAC} dev ${end} nud permanent`,
      ]),
    );
    await run(entering[0]!, [...entering.slice(1), 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
    for (const { end, ms } of ends) await late(entering, end, ms);
  }

  async #plug(place: Place): Promise<void> {
    const entering = this.entering(place);
    for (const { device, ms } of LINES[place]) {
      if (place !== 'server') await this.#ip([], [`link set ${device} netns ${this.#pids.get(place)}`]);
      if (this.#netem) await late(entering, device, ms);
    }
    const [first] = LINES[place];
    await this.#ip(entering, this.#up(first));
    this.#used.set(place, first);
  }

  #up({ device, address }: Line): string[] {
    const up = [`address add ${address}/32 dev ${device}`, `link set ${device} up`];
    if (!this.#netem) return [...up, `route add default dev ${device}`];
    return [
      ...up,
      `neighbour add ${GATEWAY} lladdr ${GATEWAY_MAC} dev ${device} nud permanent`,
      `route add default via ${GATEWAY} dev ${device} onlink`,
    ];
  }
}

/** From now on what goes out by this device is late. */
async function late(entering: readonly string[], device: string, ms: number): Promise<void> {
  const rule = `qdisc add dev ${device} root netem delay ${ms}ms limit ${NETEM_PACKETS}`;
  await run(entering[0]!, [...entering.slice(1), 'tc', ...rule.split(' ')]);
}
