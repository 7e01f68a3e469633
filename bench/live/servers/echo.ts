/** Passes every keystroke on as a message of its own: what Socket.IO alone costs. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { listen } from './listen.ts';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });
io.on('connection', (socket) => {
  socket.on('join', (room: string, reply: () => void) => {
    void socket.join(room);
    reply();
  });
  socket.on('key', (room: string, at: number, text: string) => {
    io.to(room).emit('key', socket.id, at, text);
  });
});
listen(http);
