/** The private PostgreSQL of a server, to be killed and kept from coming back. */
import fs from 'node:fs';
import path from 'node:path';
import { Database } from './database.ts';
import { eventually } from './eventually.ts';
import { lives, signalAll, treeOf } from './processes.ts';
import type { Server } from './server.ts';

export class Postgres {
  readonly #server: Server;
  /** The folder of the database's files. */
  readonly #folder: string;

  private constructor(server: Server, folder: string) {
    this.#server = server;
    this.#folder = folder;
  }

  static async of(server: Server): Promise<Postgres> {
    const database = new Database(server.database);
    const [row] = await database.query<{ folder: string }>(
      `SELECT setting AS folder FROM pg_settings WHERE name = 'data_directory'`,
    );
    await database.close();
    return new Postgres(server, row!.folder);
  }

  /** The postmaster, once it takes connections. */
  async pid(): Promise<number> {
    let pid = 0;
    const answers = async () => {
      const database = new Database(this.#server.database);
      const answered = await database.query('SELECT 1').catch(() => null);
      await database.close();
      pid = this.#noted() ?? 0;
      return answered !== null && lives(pid);
    };
    await eventually('PostgreSQL takes connections', answers, () => this.#server.output, 60_000);
    return pid;
  }

  /**
   * Kill -9 of the postmaster, and, when `whole`, of everything that it started at the same time. `hide` takes its
   * files away, as a disk that is gone does: it cannot start until `giveFilesBack`.
   */
  async kill({ whole, hide = false }: { readonly whole: boolean; readonly hide?: boolean }): Promise<void> {
    const pid = await this.pid();
    // Held first, so that it makes no more children meanwhile.
    process.kill(pid, 'SIGSTOP');
    if (hide) fs.renameSync(this.#folder, this.#hidden);
    signalAll(whole ? treeOf(pid).reverse() : [pid], 'SIGKILL');
    await eventually('the postmaster is dead', () => !lives(pid));
  }

  giveFilesBack(): void {
    fs.renameSync(this.#hidden, this.#folder);
  }

  get #hidden(): string {
    return path.join(path.dirname(this.#folder), 'postgres.hidden');
  }

  #noted(): number | null {
    try {
      return Number(fs.readFileSync(path.join(this.#folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
    } catch {
      return null;
    }
  }
}
