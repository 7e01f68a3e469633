// HTTP as nobody speaks it, over sockets of our own: clients of a library are too well bred.
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Input } from '../input.ts';
import type { Random } from '../random.ts';
import type { Scene } from '../scene.ts';
import { deep, wild } from '../values.ts';

const ANSWER_MS = 15_000;
const METHODS = [
  'GET',
  'HEAD',
  'PUT',
  'POST',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'get',
  'G\tT',
  '\u0000',
];
const PATHS = [
  '/',
  '/api/status',
  '/api/me',
  '/api/rooms',
  '/api/rooms/',
  '/api/rooms/__proto__/links',
  '/api/rooms/%00/links',
  '/api/rooms/%/links',
  '/api/rooms/%ff/links',
  '/api//me',
  '/API/ME',
  '/api/../../package.json',
  '/..%2f..%2fpackage.json',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/assets/%2e%2e/index.html',
  '/assets/..\\..\\x',
  '/r/%E0%A4%A',
  '/r/%00',
  '/r/',
  '/r/a/b',
  '/healthz',
  '/readyz',
  '/metrics',
  '/__proto__',
  '/constructor',
  '/%',
  '//evil.example/x',
  '/?x[__proto__]=1&x[]=%',
  'http://evil.example/api/me',
  '*',
  '/\u00e9',
  '/socket.io/',
  '/socket.io/?EIO=4&transport=polling',
  '/socket.io/?EIO=4&transport=polling&sid=__proto__',
  '/socket.io/?EIO=3&transport=websocket',
  '/socket.io/?EIO=4&transport=websocket&sid=x',
  '/socket.io/socket.io.js',
];

/** The body of an answer, null while some of it has not come or only its end tells how long it is. */
function bodyOf(answer: string): string | null {
  const start = answer.indexOf('\r\n\r\n') + 4;
  if (start < 4) return null;
  const head = answer.slice(0, start);
  const body = answer.slice(start);
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? [];
  if (length !== undefined) return body.length < Number(length) ? null : body.slice(0, Number(length));
  if (!/\r\ntransfer-encoding: chunked/i.test(head)) return null;
  let whole = '';
  for (let at = 0; ; ) {
    const line = body.indexOf('\r\n', at);
    const size = line < 0 ? Number.NaN : Number.parseInt(body.slice(at, line), 16);
    if (Number.isNaN(size) || body.length < line + 2 + size) return null;
    if (size === 0) return whole;
    whole += body.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}

/**
 * What came back: whole answers one after the other, as far as they could be read. Rejects when the server cannot be
 * connected to.
 */
function exchange(address: string, request: readonly (string | Buffer)[], linger = false): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: linger });
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    const timer = setTimeout(done, linger ? 500 : ANSWER_MS);
    socket.once('error', reject);
    socket.once('connect', () => socket.off('error', reject));
    socket.on('error', done);
    socket.on('close', done);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('latin1');
      if (/^HTTP\/1\.1 101/.test(text) || bodyOf(text) !== null) done();
    });
    for (const part of request) socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
  });
}

/** Whether an answer is one that a server of ours gives. */
function judge(scene: Scene, what: string, answer: string): void {
  scene.cast.judge.heard('HTTP', answer);
  if (answer === '') return;
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(answer) ?? [];
  if (status === undefined) {
    scene.cast.judge.breach(`HTTP: ${what}: not an answer: ${answer.slice(0, 80)}`);
    return;
  }
  const code = Number(status);
  const body = bodyOf(answer) ?? '';
  // Not built and not ready are no faults. An answer to HEAD does not say which it is; GET asks for the same.
  const unready =
    code === 503 && (what.startsWith('"HEAD"') || /^(The page has not been built|\{)/.test(body));
  if (code >= 500 && !unready) {
    scene.cast.judge.breach(`HTTP: ${what}: ${answer.slice(0, 120)}`);
  }
  if (/\bat .*\.(ts|js|mjs):\d+/.test(body)) scene.cast.judge.breach(`HTTP: ${what}: a stack trace`);
  if (code < 400 || !/content-type: application\/json/i.test(answer) || body === '') return;
  const parsed = JSON.parse(Buffer.from(body, 'latin1').toString()) as { error?: unknown };
  // Engine.IO's own refusals of a handshake: a number and a sentence.
  if (typeof (parsed as { code?: unknown }).code === 'number') return;
  scene.cast.judge.refused(`HTTP: ${what}`, parsed.error);
}

function cookieOf(scene: Scene, random: Random): string {
  return random.oneIn(2) ? random.pick(scene.cast.forged) : random.pick(scene.everyone).person.cookie;
}

function headers(scene: Scene, random: Random): Record<string, string> {
  return {
    Host: random.oneIn(6) ? random.pick(['evil.example', '', 'a b', 'localhost:99999', '[::1']) : 'localhost',
    'X-Forwarded-For': scene.network(random),
    ...(random.oneIn(2) ? { Cookie: cookieOf(scene, random) } : {}),
  };
}

const WILD_HEADERS: readonly ((random: Random) => string)[] = [
  () => `Cookie: ${'a=b; '.repeat(2_000)}\r\n`,
  (random) => `X-Wild: ${'x'.repeat(random.pick([10, 10_000, 20_000]))}\r\n`,
  () => Array.from({ length: 500 }, (_, i) => `X-${i}: 1\r\n`).join(''),
  () => 'Host: a\r\nHost: b\r\n',
  () => 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
  () => 'Content-Length: -1\r\n',
  () => 'Content-Length: 99999999999999999999\r\n',
  () => 'Transfer-Encoding: gzip, chunked, chunked\r\n',
  () => 'X-Forwarded-For: , , ,\r\nX-Forwarded-For: \u00ff\r\n',
  () => 'X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n',
  () => 'Range: bytes=0-0,1-1,-99999\r\n',
  () => 'If-None-Match: *\r\nIf-Modified-Since: never\r\n',
  () => 'Accept: */*;q=nan, text/html;q=2, \u0080\r\n',
  () => `Accept-Encoding: ${'br;q=0.1,'.repeat(500)}\r\n`,
  () => 'Expect: 100-continue\r\n',
  () => 'Expect: something-else\r\n',
  () => 'Connection: Upgrade\r\nUpgrade: h2c\r\n',
  () => 'Connection: Upgrade\r\nUpgrade: websocket\r\n',
  () => 'Origin: https://evil.example\r\n',
  () => 'X: a\r\n b\r\n',
  () => 'X\u0000Y: z\r\n',
  () => 'no colon\r\n',
];

function request(method: string, path: string, fields: Record<string, string>, more = ''): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}${more}Connection: close\r\n\r\n`;
}

function longPath(random: Random): string {
  return `/${random.pick(['a', '%41', '../', 'r/'])}`.repeat(random.pick([10, 1_000, 4_000]));
}

/** The body of one request, and the headers that announce it, truly or not. */
function wildBody(random: Random): { readonly more: string; readonly parts: readonly (string | Buffer)[] } {
  const type = `Content-Type: ${random.pick(['application/json', 'application/json; charset=utf-16', 'application/json;charset=nonsense', 'text/plain', 'multipart/form-data', '', 'application/json'])}\r\n`;
  const text = random.pick([
    () => wild(random),
    () => `{"name":${wild(random)},"hue":${wild(random)}}`,
    () => `{"language":${wild(random)},"name":${wild(random)}}`,
    () => deep(random, random.pick([1_000, 4_000])),
    () => 'x'.repeat(random.pick([20_000, 2_000_000])),
    () => `{"name":"${'\\u0041'.repeat(2_000)}"}`,
  ])();
  const bytes = Buffer.from(text);
  switch (random.below(5)) {
    case 0: {
      const chunk = `${bytes.length.toString(16)}\r\n`;
      return { more: `${type}Transfer-Encoding: chunked\r\n`, parts: [chunk, bytes, '\r\n0\r\n\r\n'] };
    }
    case 1:
      return {
        more: `${type}Transfer-Encoding: chunked\r\n`,
        parts: [random.pick(['zz\r\nx', '-1\r\n', 'ffffffffffffffff\r\nx', '1\r\nxx'])],
      };
    case 2: {
      const packed = gzipSync(random.oneIn(2) ? Buffer.alloc(20_000_000) : bytes);
      return {
        more: `${type}Content-Encoding: ${random.pick(['gzip', 'br', 'nonsense'])}\r\nContent-Length: ${packed.length}\r\n`,
        parts: [packed],
      };
    }
    default:
      return { more: `${type}Content-Length: ${bytes.length}\r\n`, parts: [bytes] };
  }
}

export const HTTP_INPUTS: readonly Input[] = [
  {
    kind: 'http method and path',
    weight: 6,
    async run(scene, random) {
      const path = random.oneIn(5) ? longPath(random) : random.pick(PATHS);
      const method = random.pick(METHODS);
      const answer = await exchange(scene.cast.address, [request(method, path, headers(scene, random))]);
      judge(scene, `${JSON.stringify(method)} ${path.slice(0, 60)}`, answer);
      return 1;
    },
  },
  {
    kind: 'http headers',
    weight: 4,
    async run(scene, random) {
      const more = random.pick(WILD_HEADERS)(random);
      const path = random.pick(['/', '/api/me', '/api/status', '/socket.io/?EIO=4&transport=websocket']);
      const answer = await exchange(scene.cast.address, [request('GET', path, headers(scene, random), more)]);
      judge(scene, `GET ${path} with ${more.slice(0, 40)}`, answer);
      return 1;
    },
  },
  {
    kind: 'http body',
    weight: 6,
    async run(scene, random) {
      const { more, parts } = wildBody(random);
      const [method, path] = random.pick([
        ['PUT', '/api/me'],
        ['POST', '/api/rooms'],
        ['POST', '/api/status'],
        ['GET', '/api/me'],
      ] as const);
      const head = request(method, path, headers(scene, random), more);
      const answer = await exchange(scene.cast.address, [head, ...parts]);
      judge(scene, `${method} ${path} ${more.slice(0, 80).trim()}`, answer);
      return 1;
    },
  },
  {
    kind: 'http forged cookie',
    weight: 3,
    async run(scene, random) {
      const fields = {
        Host: 'localhost',
        'X-Forwarded-For': scene.network(random),
        Cookie: random.pick(scene.cast.forged),
      };
      const answer = await exchange(scene.cast.address, [request('GET', '/api/me', fields)]);
      judge(scene, 'a forged cookie', answer);
      if (/"participant":\{/.test(answer))
        scene.cast.judge.breach(`a forged cookie is somebody: ${fields.Cookie.slice(0, 200)}`);
      return 1;
    },
  },
  {
    kind: 'http links of others',
    weight: 3,
    async run(scene, random) {
      const { place } = random.pick(scene.cast.hidden);
      const room = random.pick([place.id, scene.cast.arena.id, place.id.toLowerCase(), 'A'.repeat(22)]);
      const fields = {
        Host: 'localhost',
        'X-Forwarded-For': scene.network(random),
        Cookie: cookieOf(scene, random),
      };
      const answer = await exchange(scene.cast.address, [request('GET', `/api/rooms/${room}/links`, fields)]);
      judge(scene, 'links of others', answer);
      if (answer !== '' && !/^HTTP\/1\.1 4\d\d/.test(answer))
        scene.cast.judge.breach(`links of ${room}: ${answer.slice(0, 60)}`);
      return 1;
    },
  },
  {
    kind: 'http half a request',
    weight: 1,
    async run(scene, random) {
      const whole = request('PUT', '/api/me', headers(scene, random), 'Content-Length: 1000\r\n');
      const answer = await exchange(scene.cast.address, [whole.slice(0, random.below(whole.length))], true);
      judge(scene, 'half a request', answer);
      return 1;
    },
  },
  {
    kind: 'http garbage',
    weight: 2,
    async run(scene, random) {
      const bytes = random.oneIn(2)
        ? random.bytes(1 + random.below(2_000))
        : Buffer.from('\u0016\u0003\u0001\u0002\u0000\u0001', 'latin1');
      judge(scene, 'garbage', await exchange(scene.cast.address, [bytes], random.oneIn(2)));
      return 1;
    },
  },
];
