/** ShareDB with its database in memory, over WebSocket. */
import { createServer } from 'node:http';
import WebSocketJSONStream from '@teamwork/websocket-json-stream';
import { type as text } from 'ot-text-unicode';
import ShareDB from 'sharedb';
import { WebSocketServer } from 'ws';
import { listen } from './listen.ts';

ShareDB.types.register(text);
const backend = new ShareDB();
const http = createServer();
new WebSocketServer({ server: http }).on('connection', (socket) => {
  backend.listen(new WebSocketJSONStream(socket));
});
listen(http);
