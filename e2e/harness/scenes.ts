/**
 * The states of a room as the page shows them without a server: apps/web/test/harness, built by the page's own build
 * and served from this machine.
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
  readonly #folder: string;
  readonly #server: http.Server;

  private constructor(folder: string, server: http.Server) {
    this.#folder = folder;
    this.#server = server;
  }

  static async serve(): Promise<Scenes> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'codesync-scenes-'));
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
    return new Scenes(folder, server);
  }

  /** The address of a scene; `more` as test/harness/main.tsx reads it. */
  at(scene: string, more = ''): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/?scene=${scene}${more}`;
  }

  dispose(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }
}
