// A shell that is none: it shows a prompt, shows again what is typed, ends at a line `exit N`, and knows a few commands
// on files, one path at a time: `cat P`, `echo TEXT > P`, `mkdir P`, `mv P Q`, `rm -r P`.
import type { ShellEnd } from '@codesync/protocol';
import type { MemoryDisk } from './memory-disk.ts';

export type EchoShellListener = {
  /** `from`: the place of the first byte in all that it wrote. `taken`: how many bytes were typed. */
  readonly output: (from: number, bytes: Uint8Array, taken: number) => void;
  readonly ended: (end: ShellEnd) => void;
};

export class EchoShell {
  readonly #disk: MemoryDisk;
  readonly #listener: EchoShellListener;
  /** What was typed before it began; null once it has. */
  #early: Uint8Array[] | null = [];
  #written = 0;
  #taken = 0;
  #line = '';
  #over = false;

  constructor(disk: MemoryDisk, listener: EchoShellListener) {
    this.#disk = disk;
    this.#listener = listener;
  }

  /** To be called once it can be heard. */
  begin(): void {
    if (this.#over || this.#early === null) return;
    const early = this.#early;
    this.#early = null;
    this.#write('$ ');
    for (const bytes of early) this.type(bytes);
  }

  type(bytes: Uint8Array): void {
    if (this.#over) return;
    if (this.#early !== null) {
      this.#early.push(bytes);
      return;
    }
    this.#taken += bytes.length;
    for (const key of Buffer.from(bytes).toString()) {
      if (key !== '\r') {
        this.#line += key;
        this.#write(key);
        continue;
      }
      this.#write('\r\n');
      const line = this.#line;
      this.#line = '';
      const code = /^exit (\d+)$/.exec(line)?.[1];
      if (code === undefined) this.#carryOut(line);
      else this.end({ exitCode: Number(code), signal: null });
      if (this.#over) return;
    }
  }

  #carryOut(line: string): void {
    const written = /^echo (.*) > (\S+)$/.exec(line);
    const [command, ...paths] = line.replace(/^rm -r /, 'rm ').split(' ');
    if (written !== null) this.#disk.put(written[2]!, `${written[1]}\n`);
    else if (command === 'cat') this.#write(this.#disk.text(paths[0]!).replaceAll('\n', '\r\n'));
    else if (command === 'mkdir') this.#disk.makeFolder(paths[0]!);
    else if (command === 'mv') this.#disk.move(paths[0]!, paths[1]!);
    else if (command === 'rm') this.#disk.remove(paths[0]!);
    this.#write('$ ');
  }

  end(end: ShellEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener.ended(end);
  }

  #write(text: string): void {
    const bytes = Buffer.from(text);
    this.#listener.output(this.#written, bytes, this.#taken);
    this.#written += bytes.length;
  }
}

/** The end of one whose terminal or workspace was closed. */
export const HUNG_UP: ShellEnd = { exitCode: null, signal: 'SIGHUP' };
