// Who is there while the fuzz goes on: honest people who type, rooms that nobody hostile may see, and hostile people.
import { randomBytes } from 'node:crypto';
import { fileId } from '@codesync/protocol/testing';
import { SignJWT } from 'jose';
import { deriveSecrets } from '../../src/secrets.ts';
import { Person, type Tab } from '../support/client.ts';
import { HostileClient } from './hostile-client.ts';
import type { Judge } from './judge.ts';
import type { Random } from './random.ts';

type Links = Readonly<Record<'editor' | 'viewer', string>>;
type Place = { readonly id: string; readonly links: Links };
export type Hostile = {
  readonly name: string;
  readonly person: Person;
  /** Clients of theirs: an id can come back, with what it had numbered. */
  readonly clients: readonly string[];
};

const HIDDEN_ROOMS = 3;
const ADDRESSES = 48;

/** A word that occurs nowhere else. */
function canary(): string {
  return `canary${randomBytes(9).toString('hex')}`;
}

async function hostile(address: string, name: string): Promise<Hostile> {
  const person = await Person.named(address, name);
  return { name, person, clients: Array.from({ length: 3 }, () => randomBytes(12).toString('base64url')) };
}

async function placeOf(host: Tab): Promise<Place> {
  const id = await host.person.createRoom();
  await host.join(id);
  return { id, links: await host.person.links(id) };
}

/** Everybody and every room of one fuzz. */
type Cast = {
  readonly address: string;
  readonly judge: Judge;
  /** Hana is host and Gus edits; hostile people are members, of lower roles. */
  readonly arena: Place;
  readonly hana: Tab;
  readonly gus: Tab;
  /** A room of the hostile people, all of them hosts. */
  readonly brawl: Place;
  /** Rooms that no hostile person is in, with somebody typing. */
  readonly hidden: readonly { readonly place: Place; readonly host: Tab }[];
  /** Members of the arena: hostile editors and viewers. */
  readonly members: readonly Hostile[];
  readonly hosts: readonly Hostile[];
  readonly strangers: readonly Hostile[];
  /** A link of the arena that was revoked. */
  readonly revoked: string;
  /** Cookies that are nobody's: forged, unsigned, run out, of another audience, of no possible person. */
  readonly forged: readonly string[];
};

export class Scene {
  readonly cast: Cast;

  private constructor(cast: Cast) {
    this.cast = cast;
  }

  /** @param secret the installation's, so that cookies can be forged well. */
  static async set(address: string, secret: string, judge: Judge): Promise<Scene> {
    const hana = (await Person.named(address, 'Hana')).tab();
    const arena = await placeOf(hana);
    await hana.ask({ kind: 'link.revoke', role: 'editor' });
    const links = await hana.person.links(arena.id);
    const gus = (await Person.named(address, 'Gus')).tab();
    await gus.join(arena.id, links.editor);
    const hidden = await Promise.all(Array.from({ length: HIDDEN_ROOMS }, () => Scene.#hide(address, judge)));
    judge.keepFrom(links.editor, links.viewer);
    const named = (prefix: string, count: number) =>
      Promise.all(Array.from({ length: count }, (_, i) => hostile(address, `${prefix}${i}`)));
    const [members, hosts, strangers] = [
      await named('Eve', 6),
      await named('Bram', 3),
      await named('Sid', 3),
    ];
    for (const [i, { person }] of members.entries()) {
      const tab = person.tab();
      await tab.join(arena.id, i % 2 === 0 ? links.editor : links.viewer);
      tab.disconnect();
    }
    const bram = hosts[0]!.person.tab();
    const brawl = await placeOf(bram);
    for (const { person } of hosts.slice(1)) {
      const tab = person.tab();
      await tab.join(brawl.id, brawl.links.editor);
      await bram.ask({ kind: 'member.role', participant: person.participant.id, role: 'host' });
      tab.disconnect();
    }
    bram.disconnect();
    const forged = await forgedCookies(secret, hana.person);
    return new Scene({
      address,
      judge,
      arena: { id: arena.id, links },
      hana,
      gus,
      brawl,
      hidden,
      members,
      hosts,
      strangers,
      revoked: arena.links.editor,
      forged,
    });
  }

  static async #hide(address: string, judge: Judge) {
    const words = [canary(), canary(), canary(), canary()] as const;
    const host = (await Person.named(address, words[0])).tab();
    const place = await placeOf(host);
    await host.ask({ kind: 'room.rename', name: words[1] });
    await host.ask({
      kind: 'file.create',
      file: fileId(`file-${words[2].slice(6, 20)}`),
      path: `${words[2]}.py`,
      text: words[3],
    });
    judge.keepFrom(words[0], ...words.slice(1), place.links.editor, place.links.viewer);
    return { place, host };
  }

  /** Every tab of an honest person. */
  get honest(): readonly Tab[] {
    return [this.cast.hana, this.cast.gus, ...this.cast.hidden.map(({ host }) => host)];
  }

  /** Those of them that are still in their rooms: the others hear nothing more, however long one waits. */
  get present(): readonly Tab[] {
    return this.honest.filter(isIn);
  }

  get everyone(): readonly Hostile[] {
    return [...this.cast.members, ...this.cast.hosts, ...this.cast.strangers];
  }

  /** A network address, one of a few. */
  network(random: Random): string {
    return `203.0.113.${random.below(ADDRESSES)}`;
  }

  /** A connection of a hostile person, or of nobody. */
  connect(random: Random, who: Hostile | null, path?: string): HostileClient {
    return this.connectFrom(this.network(random), who, path);
  }

  connectFrom(network: string, who: Hostile | null, path?: string): HostileClient {
    const headers = { 'X-Forwarded-For': network, ...(who === null ? {} : { Cookie: who.person.cookie }) };
    return new HostileClient(this.cast.address, who?.name ?? 'nobody', headers, this.cast.judge, path);
  }

  /** Somebody new; null when their address is refused. */
  async recruit(random: Random): Promise<Hostile | null> {
    return hostile(this.cast.address, `Rex${random.below(1_000)}`).catch(() => null);
  }

  /** The same, in the namespace; null when it was not let in. */
  async enter(random: Random, who: Hostile | null): Promise<HostileClient | null> {
    const client = this.connect(random, who);
    return (await client.enter()) ? client : null;
  }

  /** A member of the arena in the arena, or a host of the brawl in the brawl; null when not let in. */
  async join(random: Random, where: 'arena' | 'brawl'): Promise<HostileClient | null> {
    const who = random.pick(where === 'arena' ? this.cast.members : this.cast.hosts);
    const place = where === 'arena' ? this.cast.arena : this.cast.brawl;
    const client = await this.enter(random, who);
    if (client === null) return null;
    if (await client.join(place.id, random.pick(who.clients), null)) return client;
    client.end();
    return null;
  }

  /** Ends every connection of the honest. */
  leave(): void {
    for (const tab of this.honest) tab.disconnect();
  }
}

/** Whether an honest person still is in the room that they came into. */
export function isIn(tab: Tab): boolean {
  return tab.socket.connected && tab.dismissed === null && tab.resyncs === 0;
}

async function forgedCookies(secret: string, victim: Person): Promise<string[]> {
  const [name, token] = victim.cookie.split('=') as [string, string];
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const { cookieKey } = deriveSecrets(secret);
  const { id, hue } = victim.participant;
  const signed = (claims: Record<string, unknown>, audience: string, key: Uint8Array, exp?: number) => {
    const jwt = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setSubject(id).setAudience(audience);
    return (exp === undefined ? jwt : jwt.setExpirationTime(exp)).sign(key);
  };
  const other = deriveSecrets(`${secret}?`).cookieKey;
  const tokens = [
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`,
    `${header}.${payload}.${signature.split('').reverse().join('')}`,
    `${header}.${Buffer.from(`{"sub":"${id}","aud":"codesync"}`).toString('base64url')}.${signature}`,
    await signed({ name: 'Hana', hue }, 'codesync', other),
    await signed({ name: 'Hana', hue }, 'elsewhere', cookieKey),
    await signed({ name: 'Hana', hue }, 'codesync', cookieKey, 1),
    await signed({ name: 'x'.repeat(500), hue: 99 }, 'codesync', cookieKey),
    await signed({ name: { toString: 1 } }, 'codesync', cookieKey),
    '..',
    '%',
    '%00',
    'x'.repeat(6_000),
  ];
  return [...tokens.map((text) => `${name}=${text}`), '__proto__=1', ';;;=', '\u00ff\u00fe=\u00fd'];
}
