// From where the address of this page can be opened. Pure.

export type Reach = 'computer' | 'network' | 'everywhere';

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

type Patterns = { readonly ipv4: readonly RegExp[]; readonly other: readonly RegExp[] };

/** What means the machine itself. */
const OWN: Patterns = {
  ipv4: [/^127\./, /^0\.0\.0\.0$/],
  other: [/^(?:.+\.)?localhost$/, /^\[::1?\]$/, /^\[::ffff:7f/],
};

/** What means something in one network only: RFC 1918, 3927, 4193, 4291, 6598, 6762, 8375, and bare names. */
const PRIVATE: Patterns = {
  ipv4: [
    /^10\./,
    /^172\.(?:1[6-9]|2\d|3[01])\./,
    /^192\.168\./,
    /^169\.254\./,
    /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  ],
  other: [/^\[f[cd]/, /^\[fe[89ab]/, /\.(?:local|lan|internal|home\.arpa)$/, /^[^.[]+$/],
};

/** @param hostname as `location.hostname` gives it: lower case, IPv6 in brackets. */
export function reachOf(hostname: string): Reach {
  const name = hostname.replace(/\.$/, '');
  const kind = IPV4.test(name) ? 'ipv4' : 'other';
  const means = (patterns: Patterns) => patterns[kind].some((pattern) => pattern.test(name));
  return means(OWN) ? 'computer' : means(PRIVATE) ? 'network' : 'everywhere';
}

export type ReachWords = { readonly title: string; readonly detail: string };

/** What to know before a link is sent, and the way out; null where links open everywhere. */
export function reachWords(hostname: string): ReachWords | null {
  switch (reachOf(hostname)) {
    case 'computer':
      return {
        title: 'These links open on this computer only.',
        detail: `The page is at ${hostname}, which on every other computer means that computer. To let others in, put a proxy with TLS in front of the server, or in a network that you trust start it with HOST=0.0.0.0, and open this room at the address that they can reach. docs/self-hosting.md says how.`,
      };
    case 'network':
      return {
        title: 'These links open in this network only.',
        detail: `${hostname} is an address of your own network. For people elsewhere, give the server a public name with TLS, and open this room there. docs/self-hosting.md says how.`,
      };
    case 'everywhere':
      return null;
  }
}
