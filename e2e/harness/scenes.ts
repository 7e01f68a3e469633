/**
 * Parts of the page without a server: apps/web/test/harness, built by the page's own build and served from this machine.
 * The states of a room are scenes.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './paths.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export class Scenes {
  readonly #server: http.Server;

  private constructor(server: http.Server) {
    this.#server = server;
  }

  /** Those of this process, for all files of tests that it runs. They end with the process. */
  static serve(): Promise<Scenes> {
    Scenes.#served ??= Scenes.#build();
    return Scenes.#served;
  }

  static #served: Promise<Scenes> | null = null;

  static async #build(): Promise<Scenes> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-scenes-'));
    process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
    await promisify(execFile)(
      process.execPath,
      [
        path.join(ROOT, 'node_modules/vite/bin/vite.js'),
        ...['build', '--config', 'test/harness/vite.config.ts', '--logLevel', 'warn'],
        ...['--outDir', folder, '--emptyOutDir'],
      ],
      { cwd: path.join(ROOT, 'apps/web') },
    );
    const server = http.createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://scenes');
      const file = path.join(folder, pathname === '/' ? 'index.html' : path.normalize(pathname));
      const type = TYPES[path.extname(file)];
      if (type === undefined || !fs.existsSync(file)) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': type });
      fs.createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    return new Scenes(server);
  }

  /** The address of a scene; `more` as test/harness/main.tsx reads it. */
  at(scene: string, more = ''): string {
    return `${this.#url}/?scene=${scene}${more}`;
  }

  /** The address of the page whose globals test/harness/records.ts gives. */
  get records(): string {
    return `${this.#url}/records.html`;
  }

  /** The address of the editor without a room (test/harness/bare.ts). */
  get bare(): string {
    return `${this.#url}/bare.html`;
  }

  /** The address of two people at one file with a server so far away (test/harness/peers.tsx). */
  peers(wayMs: number): string {
    return `${this.#url}/peers.html?way=${wayMs}`;
  }

  get #url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }
}
