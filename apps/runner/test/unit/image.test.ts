import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ensureImage } from '../../src/image.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codesync-image-'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** An engine without images or a registry, which imports whatever it is sent. `removed` lists what it had to remove. */
function bareEngine() {
  const removed: string[] = [];
  const engine = {
    getImage: (name: string) => ({
      inspect: () => Promise.reject(Object.assign(new Error('no such image'), { statusCode: 404 })),
      remove: async () => void removed.push(name),
    }),
    pull: () => Promise.reject(new Error('no registry')),
    importImage: async (archive: NodeJS.ReadableStream) => {
      for await (const _ of archive);
      return new PassThrough().end();
    },
    modem: { followProgress: (_: unknown, finished: (error: null) => void) => finished(null) },
  };
  return { docker: engine as unknown as Docker, removed };
}

test('a base that cannot be made is a failure with its reason, and leaves no image', async () => {
  const [programs, sandbox] = [join(folder, 'bin'), join(folder, 'sandbox')];
  for (const place of [programs, sandbox]) mkdirSync(place);
  writeFileSync(join(programs, 'debootstrap'), '');
  writeFileSync(join(sandbox, 'base.sh'), '#!/bin/sh\n', { mode: 0o644 });
  vi.stubEnv('PATH', programs);
  vi.spyOn(process, 'getuid').mockReturnValue(0);
  const { docker, removed } = bareEngine();
  await expect(ensureImage({ docker, folder: sandbox, progress: () => {} })).rejects.toThrow(
    /base\.sh EACCES$/,
  );
  expect(removed).toEqual(['debian:trixie-slim']);
});
