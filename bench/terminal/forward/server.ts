/**
 * Plain forwarding, as ttyd does it: what a pseudo-terminal writes goes to every WebSocket as it comes, and keys come
 * back. Nobody is told what was before they came, and all wait for the slowest.
 *
 * Its argument is the pseudo-terminal, as an open file (forward.ts).
 */
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import tty from 'node:tty';
import { type WebSocket, WebSocketServer } from 'ws';
import { ROOT } from '../../../e2e/harness/paths.ts';
import { KEYS, PAUSE } from './messages.ts';

const terminal = Number(process.argv[2]);
const output = new tty.ReadStream(terminal);
const paused = new Set<WebSocket>();

/** The product's own. */
const XTERM = path.join(ROOT, 'node_modules/@xterm/xterm');
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': [new URL('./page.html', import.meta.url).pathname, 'text/html'],
  '/xterm.js': [path.join(XTERM, 'lib/xterm.js'), 'text/javascript'],
  '/xterm.css': [path.join(XTERM, 'css/xterm.css'), 'text/css'],
};

const web = http.createServer((request, response) => {
  const [file, type] = FILES[request.url ?? ''] ?? [];
  if (file === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'Content-Type': type }).end(fs.readFileSync(file));
});
const sockets = new WebSocketServer({ server: web });

output.on('data', (bytes: Buffer) => {
  for (const socket of sockets.clients) socket.send(bytes);
});
// Whoever has started it has ended.
process.stdin.on('end', () => process.exit(0)).resume();
// What a pseudo-terminal says when its program has ended.
output.on('error', () => process.exit(0));

sockets.on('connection', (socket: WebSocket) => {
  socket.on('message', (message: Buffer) => {
    const text = message.toString();
    if (text.startsWith(KEYS)) fs.writeSync(terminal, text.slice(1));
    else pause(socket, text === PAUSE);
  });
  socket.on('close', () => pause(socket, false));
});

function pause(socket: WebSocket, wanted: boolean): void {
  if (wanted) paused.add(socket);
  else paused.delete(socket);
  if (paused.size > 0) output.pause();
  else output.resume();
}

web.listen(0, '127.0.0.1', () => {
  console.log(`forwarding at http://127.0.0.1:${(web.address() as AddressInfo).port}`);
});
