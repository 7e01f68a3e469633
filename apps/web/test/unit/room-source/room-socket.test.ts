import { settle } from '@codesync/protocol/testing';
import { FakeServer } from './support/fake-server.ts';
import { loopback } from './support/loopback.ts';
import type { SocketStage } from './support/room-socket-contract.ts';
import { roomSocketContract } from './support/room-socket-contract.ts';
import { person } from './support/tab.ts';

async function inMemory(): Promise<SocketStage> {
  const server = new FakeServer({ now: () => 1_700_000_000_000 });
  server.begin('');
  const ann = person(1);
  const connection = () => server.connections[0]!;
  return {
    open: server.socketFor(ann),
    fate: (fate) => {
      server.running = fate !== 'away';
      server.webSockets = fate === 'silent' ? 'silent' : 'through';
      server.refuseSocket = typeof fate === 'string' ? null : fate;
    },
    tell: (event) => connection().toClient(() => connection().listener.events([event])),
    say: (name, ...message) => {
      const { listener } = connection();
      connection().toClient(() => (listener[name] as (...said: typeof message) => void)(...message));
    },
    mute: () => {
      connection().deaf = true;
    },
    timeOut: async () => {
      server.timeOut(connection());
      await settle();
    },
    cut: () => server.cut(connection()),
    arrived: () => ({
      commands: server.received.map(({ command }) => command.clientSeq),
      reports: server.healed.map(({ file }) => file),
      // The server makes the first register of a client, with clock 0.
      clock: server.cursors()[0]?.clock || null,
    }),
    quiet: async () => {
      server.deliverAll();
      await settle();
    },
    close: async () => {},
  };
}

roomSocketContract('Socket.IO over a WebSocket', 'websocket', loopback);
roomSocketContract('Socket.IO over polling', 'polling', loopback);
roomSocketContract('in memory', 'websocket', inMemory);
