/** A client of the forwarding server without a page. */
import { Tail } from '../tail.ts';
import { KEYS } from './messages.ts';

export class ForwardedSeat {
  readonly shown = new Tail();
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => this.shown.add(Buffer.from(data).toString('latin1'));
  }

  static async join(url: string): Promise<ForwardedSeat> {
    const socket = new WebSocket(url.replace('http', 'ws'));
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return new ForwardedSeat(socket);
  }

  type(text: string): void {
    this.#socket.send(`${KEYS}${text}`);
  }
}
