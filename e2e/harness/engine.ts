import fs from 'node:fs';
import http from 'node:http';

/** Whether code can be run here: an engine answers, or the server can start one. */
export async function engineThere(): Promise<boolean> {
  return (await answers()) || (process.getuid?.() === 0 && fs.existsSync('/usr/sbin/dockerd'));
}

function answers(): Promise<boolean> {
  const host = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';
  const target = host.startsWith('unix://')
    ? { socketPath: host.slice('unix://'.length) }
    : { host: new URL(host).hostname, port: new URL(host).port };
  return new Promise((resolve) => {
    const request = http.get({ ...target, path: '/_ping', timeout: 3_000 }, (reply) => {
      reply.resume();
      resolve(reply.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
