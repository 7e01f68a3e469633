// A shell that is none: it shows a prompt, shows again what is typed, and ends at a line `exit N`.
import type { ShellEnd } from '@codesync/protocol';

export type EchoShellListener = {
  /** `from`: the place of the first byte in all that it wrote. */
  readonly output: (from: number, bytes: Uint8Array) => void;
  readonly ended: (end: ShellEnd) => void;
};

export class EchoShell {
  readonly #listener: EchoShellListener;
  #written = 0;
  #line = '';
  #over = false;

  constructor(listener: EchoShellListener) {
    this.#listener = listener;
  }

  /** To be called once it can be heard. */
  begin(): void {
    this.#write('$ ');
  }

  type(bytes: Uint8Array): void {
    if (this.#over) return;
    for (const key of Buffer.from(bytes).toString()) {
      if (key !== '\r') {
        this.#line += key;
        this.#write(key);
        continue;
      }
      this.#write('\r\n');
      const code = /^exit (\d+)$/.exec(this.#line)?.[1];
      this.#line = '';
      if (code === undefined) this.#write('$ ');
      else this.end({ exitCode: Number(code), signal: null });
      if (this.#over) return;
    }
  }

  end(end: ShellEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener.ended(end);
  }

  #write(text: string): void {
    const bytes = Buffer.from(text);
    this.#listener.output(this.#written, bytes);
    this.#written += bytes.length;
  }
}

/** The end of one whose terminal or workspace was closed. */
export const HUNG_UP: ShellEnd = { exitCode: null, signal: 'SIGHUP' };
