import fs from 'node:fs';
import http from 'node:http';

/** Whether code can be run here: an engine answers, or the server can start one. */
export async function engineThere(): Promise<boolean> {
  return (await answers()) || (process.getuid?.() === 0 && fs.existsSync('/usr/sbin/dockerd'));
}

function answers(): Promise<boolean> {
  return engineGet('/_ping').then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** The engine that everybody on this machine uses. */
export const MACHINE_ENGINE = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';

type Reply = { readonly status: number; readonly body: string };

/** Asks an engine's API; rejects when it does not answer. */
export function engineGet(path: string, host = MACHINE_ENGINE): Promise<Reply> {
  return ask('GET', path, host);
}

/** Kills a container that is named by its id, or by enough of its beginning. */
export async function killContainer(id: string): Promise<void> {
  const { status, body } = await ask('POST', `/containers/${id}/kill`, MACHINE_ENGINE);
  if (status !== 204) throw new Error(`the engine does not kill ${id}: ${status} ${body}`);
}

function ask(method: 'GET' | 'POST', path: string, host: string): Promise<Reply> {
  const target = host.startsWith('unix://')
    ? { socketPath: host.slice('unix://'.length) }
    : { host: new URL(host).hostname, port: new URL(host).port };
  return new Promise((resolve, reject) => {
    const request = http.request({ ...target, method, path, timeout: 10_000 }, (reply) => {
      let body = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body }));
      reply.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('the engine does not answer')));
    request.on('error', reject);
    request.end();
  });
}
