/** The server of y-websocket, without persistence. */
import { createServer } from 'node:http';
import { setupWSConnection } from '@y/websocket-server/utils';
import { WebSocketServer } from 'ws';
import { listen } from './listen.ts';

const http = createServer();
new WebSocketServer({ server: http }).on('connection', setupWSConnection);
listen(http);
