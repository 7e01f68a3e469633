// Files that are no text: sent in parts by HTTP, named by a command, and read by whoever is in the room.
import { createHash, randomBytes } from 'node:crypto';
import { BLOB_PART_BYTES, BlobHash, blobParts, LIMITS, type RoomId } from '@codesync/protocol';
import { fileId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { Person, someAddress } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

type Answer = { readonly status: number; readonly body: Buffer; readonly headers: Headers };

function blobOf(body: Buffer) {
  return { hash: BlobHash.parse(createHash('sha256').update(body).digest('hex')), body };
}

async function ask(person: Person | null, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${server.address}/api/rooms/${path}`, {
    ...init,
    headers: { ...person?.headers, ...init.headers },
  });
  return {
    status: response.status,
    body: Buffer.from(await response.arrayBuffer()),
    headers: response.headers,
  };
}

const codeOf = ({ body }: Answer): string => JSON.parse(body.toString()).error.code;

function putPart(
  person: Person | null,
  room: string,
  hash: string,
  part: number | string,
  body: Buffer,
  bytes: unknown,
) {
  return ask(person, `${room}/blobs/${hash}/${part}?bytes=${bytes}`, {
    method: 'PUT',
    body: new Uint8Array(body),
    headers: { 'Content-Type': 'application/octet-stream', Origin: server.address },
  });
}

async function upload(
  person: Person,
  room: RoomId,
  { hash, body }: ReturnType<typeof blobOf>,
): Promise<Answer> {
  let answer: Answer | null = null;
  for (let part = 0; part < blobParts(body.length); part++) {
    const bytes = body.subarray(part * BLOB_PART_BYTES, (part + 1) * BLOB_PART_BYTES);
    answer = await putPart(person, room, hash, part, bytes, body.length);
  }
  return answer!;
}

async function scene() {
  const person = (name: string) => Person.named(server.address, name, someAddress());
  const hana = await person('Hana');
  const room = await hana.createRoom();
  const links = await hana.links(room);
  const host = hana.tab();
  await host.join(room);
  const guest = async (role: 'editor' | 'viewer') => {
    const somebody = await person(role === 'editor' ? 'Ed' : 'Vic');
    const tab = somebody.tab();
    await tab.join(room, links[role]);
    return { somebody, tab };
  };
  return { hana, room, host, guest, stranger: await person('Sam') };
}

describe('a file that is no text', () => {
  test('comes in parts, is in the room for everyone, and is given back as it was', async () => {
    const { hana, room, host, guest } = await scene();
    const picture = blobOf(randomBytes(BLOB_PART_BYTES + 321));
    const early = await host.ask({
      kind: 'file.upload',
      file: fileId('logo-file'),
      path: 'logo.png',
      blob: picture.hash,
    });
    expect(early).toMatchObject({ code: 'blob.unknown' });
    const sent = await upload(hana, room, picture);
    expect(JSON.parse(sent.body.toString())).toEqual({ missing: 0 });
    expect(
      await host.ask({
        kind: 'file.upload',
        file: fileId('logo-file'),
        path: 'img/logo.png',
        blob: picture.hash,
      }),
    ).toBe('done');

    const { somebody, tab } = await guest('viewer');
    const entry = tab.fold.state.files.get(fileId('logo-file'));
    expect(entry).toMatchObject({
      path: 'img/logo.png',
      blob: { hash: picture.hash, bytes: picture.body.length },
    });
    const got = await ask(somebody, `${room}/blobs/${picture.hash}`);
    expect(got.body.equals(picture.body)).toBe(true);
    expect(got.headers.get('content-disposition')).toBe('attachment');
    expect(got.headers.get('content-type')).toBe('application/octet-stream');
    expect(got.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('can be renamed, deleted and brought back, replaced by another, and not edited, run or given a language', async () => {
    const { hana, room, host } = await scene();
    const [one, two] = [blobOf(randomBytes(10)), blobOf(Buffer.alloc(0))];
    await upload(hana, room, one);
    await upload(hana, room, two);
    const file = fileId('a-binary-file');
    expect(await host.ask({ kind: 'file.upload', file, path: 'a.py', blob: one.hash })).toBe('done');
    expect(await host.ask({ kind: 'edit', file, base: 0, op: ['x'] })).toMatchObject({ code: 'file.binary' });
    expect(await host.ask({ kind: 'file.language', file, language: 'go' })).toMatchObject({
      code: 'file.binary',
    });
    expect(await host.ask({ kind: 'run.start', entry: file })).toMatchObject({ code: 'file.binary' });
    expect(await host.ask({ kind: 'file.replace', file: host.file(), blob: one.hash })).toMatchObject({
      code: 'file.text',
    });
    expect(await host.ask({ kind: 'file.replace', file, blob: two.hash })).toBe('done');
    expect(await host.ask({ kind: 'file.rename', file, path: 'b.bin' })).toBe('done');
    expect(await host.ask({ kind: 'file.delete', file })).toBe('done');
    expect(await host.ask({ kind: 'file.restore', file })).toBe('done');
    expect(host.fold.state.files.get(file)).toMatchObject({
      path: 'b.bin',
      blob: { hash: two.hash, bytes: 0 },
    });
    // A newcomer gets the same by a keyframe.
    const again = hana.tab();
    await again.join(room);
    expect(again.fold.state.files.get(file)).toEqual(host.fold.state.files.get(file));
  });

  test('is for members only, and is sent by editors only', async () => {
    const { hana, room, stranger, guest } = await scene();
    const secret = blobOf(randomBytes(99));
    await upload(hana, room, secret);
    const path = `${room}/blobs/${secret.hash}`;
    const { somebody: viewer } = await guest('viewer');
    expect((await ask(viewer, path)).status).toBe(200);
    expect(codeOf(await ask(null, path))).toBe('identity.required');
    expect(codeOf(await ask(stranger, path))).toBe('room.link');
    const more = blobOf(randomBytes(9));
    expect(codeOf(await upload(viewer, room, more))).toBe('role.viewer');
    expect(codeOf(await upload(stranger, room, more))).toBe('room.link');
    const other = await stranger.createRoom();
    await stranger.tab().join(other);
    expect(codeOf(await ask(stranger, `${other}/blobs/${secret.hash}`))).toBe('blob.unknown');
  });

  test('is refused from another origin, and where its parts are not what they say', async () => {
    const { hana, room } = await scene();
    const { hash, body } = blobOf(randomBytes(1_000));
    const elsewhere = await ask(hana, `${room}/blobs/${hash}/0?bytes=1000`, {
      method: 'PUT',
      body: new Uint8Array(body),
      headers: { Origin: 'https://evil.example' },
    });
    expect(elsewhere.status).toBe(403);
    for (const [part, bytes] of [
      [1, 1_000],
      [-1, 1_000],
      [0.5, 1_000],
      ['x', 1_000],
      [0, 999],
      [0, 'many'],
      [0, ''],
      [0, -1],
      [0, 1e300],
      [0, LIMITS.roomBytes * 2],
    ] as const)
      expect([part, bytes, codeOf(await putPart(hana, room, hash, part, body, bytes))]).toEqual([
        part,
        bytes,
        'protocol.malformed',
      ]);
    for (const name of ['x', hash.toUpperCase(), '0'.repeat(63), '..%2f..%2fetc'])
      expect(codeOf(await putPart(hana, room, name, 0, body, 1_000))).toBe('protocol.malformed');
    expect(codeOf(await putPart(hana, room, '0'.repeat(64), 0, body, 1_000))).toBe('blob.damaged');
    const long = await putPart(hana, room, hash, 0, Buffer.alloc(BLOB_PART_BYTES + 1), BLOB_PART_BYTES + 1);
    expect(codeOf(long)).toBe('protocol.malformed');
    const heavy = await putPart(hana, room, hash, 0, Buffer.alloc(BLOB_PART_BYTES), LIMITS.roomBytes + 1);
    expect(codeOf(heavy)).toBe('room.tooLarge');
  });

  test('counts for the size of the room', async () => {
    const { hana, room, host } = await scene();
    const half = blobOf(Buffer.alloc(LIMITS.roomBytes / 2, 7));
    await upload(hana, room, half);
    const put = (n: number) =>
      host.ask({ kind: 'file.upload', file: fileId(`half-number-${n}`), path: `${n}.bin`, blob: half.hash });
    expect(await put(1)).toBe('done');
    // What the room began with counts, too.
    expect(await put(2)).toMatchObject({ code: 'room.tooLarge' });
    expect(await host.ask({ kind: 'file.delete', file: host.file() })).toBe('done');
    expect(await put(2)).toBe('done');
    expect(
      await host.ask({ kind: 'file.create', file: fileId('one-more-text'), path: 'a.txt', text: 'x' }),
    ).toMatchObject({ code: 'room.tooLarge' });
  });
});
