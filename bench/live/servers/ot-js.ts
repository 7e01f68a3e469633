/** ot.js over Socket.IO, as its own EditorSocketIOServer does it, without cursors. */
import { createServer } from 'node:http';
import ot from 'ot';
import { Server } from 'socket.io';
import { listen } from './listen.ts';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });
const documents = new Map<string, ot.Server>();

io.on('connection', (socket) => {
  let joined: { readonly room: string; readonly document: ot.Server } | null = null;
  socket.on('join', (room: string, reply: (text: string, revision: number) => void) => {
    const document = documents.get(room) ?? new ot.Server('');
    documents.set(room, document);
    joined = { room, document };
    void socket.join(room);
    reply(document.document, document.operations.length);
  });
  socket.on('operation', (revision: number, operation: (number | string)[]) => {
    if (joined === null) return;
    const { room, document } = joined;
    const placed = document.receiveOperation(revision, ot.TextOperation.fromJSON(operation));
    socket.emit('ack');
    socket.to(room).emit('operation', placed.toJSON());
  });
});
listen(http);
