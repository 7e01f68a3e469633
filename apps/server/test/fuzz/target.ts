// The server under fuzz: a process of its own on a PostgreSQL of its own, with all that can be seen of it from outside.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { MessageLines } from '@codesync/protocol';
import pino from 'pino';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';
import { connectionUrl, dataFolder } from '../support/server.ts';
import type { Answer, Answers, Question } from './server-process.ts';

const STOP_MS = 20_000;
/** The longest line that its log may have. */
const LINE_BYTES = 1024 * 1024;

export type Target = {
  readonly address: string;
  readonly secret: string;
  readonly postgres: EmbeddedPostgres;
  /** How the process ended, null while it lives. */
  ended(): string | null;
  /** Resolves with that when it has ended. */
  readonly end: Promise<string>;
  /** What its log has at level error or above, and whatever it wrote to stderr. */
  faults(): readonly string[];
  /** Asks the process about itself. It answers in its turn, as it answers its clients; null when it has ended. */
  ask<About extends keyof Answers>(about: About): Promise<Answers[About] | null>;
  /** Stops everything; resolves with how the server ended. */
  stop(): Promise<string>;
};

/** What a line on stdout says is wrong: the message of a line of the log of level error (50) or more. */
function faultOf(line: string): string | null {
  if (!line.startsWith('{')) return null;
  const { level, msg, err } = JSON.parse(line) as { level: number; msg: string; err?: { stack?: string } };
  return level < 50 ? null : `${msg} ${err?.stack ?? ''}`.trim();
}

function watch(child: ChildProcess) {
  let ended: string | null = null;
  const lines = new MessageLines(LINE_BYTES);
  const faults: string[] = [];
  let found: (address: string) => void = () => undefined;
  const end = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  const address = new Promise<string>((resolve, reject) => {
    found = resolve;
    child.once('close', (code, signal) => {
      ended = signal ?? `code ${code}`;
      reject(new Error(`the server ended with ${ended}: ${faults.join('\n')}`));
    });
  });
  const take = (line: string): void => {
    const [, at] = /^CodeSync is at (\S+)/.exec(line) ?? [];
    if (at !== undefined) found(at);
    const fault = faultOf(line);
    if (fault !== null) faults.push(fault);
  };
  child.stdout!.on('data', (chunk: Buffer) => {
    if (!lines.push(chunk, take)) faults.push(`a line of the log has more than ${LINE_BYTES} bytes`);
  });
  child.stderr!.on('data', (chunk: Buffer) => faults.push(chunk.toString().trim()));
  return { address, end, ended: () => ended, faults: () => faults };
}

/** The way to ask the process about itself. */
function askThe(child: ChildProcess): Target['ask'] {
  const waiting = new Map<number, (answer: never | null) => void>();
  let asked = 0;
  child.once('close', () => {
    for (const resolve of waiting.values()) resolve(null);
  });
  child.on('message', ({ id, answer }: Answer) => {
    waiting.get(id)?.(answer as never);
    waiting.delete(id);
  });
  return (about) =>
    new Promise((resolve) => {
      const question: Question = { id: ++asked, about };
      waiting.set(question.id, resolve);
      child.send(question, (error) => {
        if (error !== null) resolve(null);
      });
    });
}

export async function startTarget(): Promise<Target> {
  const folders = [dataFolder(), dataFolder()] as const;
  const postgres = await startEmbeddedPostgres(folders[0].path, pino({ level: 'silent' }));
  const secret = 'a secret for the fuzz, which forges cookies with it';
  const child = fork(join(import.meta.dirname, 'server-process.ts'), {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      CODESYNC_PROXIES: '1',
      CODESYNC_DOCKER: 'never',
      // No engine answers there: the fuzz is not about running code.
      DOCKER_HOST: 'unix:///nonexistent/docker.sock',
      CODESYNC_DATA: folders[1].path,
      CODESYNC_SECRET: secret,
      DATABASE_URL: connectionUrl(postgres),
      LOG_LEVEL: 'info',
    },
  });
  const { address, end, ended, faults } = watch(child);
  const stop = async (): Promise<string> => {
    if (ended() === null) {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      child.kill('SIGTERM');
      await once(child, 'close');
      clearTimeout(timer);
    }
    await postgres.stop();
    for (const folder of folders) folder.remove();
    return ended()!;
  };
  return {
    address: await address.catch(async (error: unknown) => {
      await stop();
      throw error;
    }),
    secret,
    postgres,
    ended,
    end,
    faults,
    ask: askThe(child),
    stop,
  };
}
