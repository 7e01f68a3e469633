import { type ServerProcess, startProcess } from '../lib/server-process.ts';

/** One of the small servers in `servers/`, which say `port N`. */
export function startPeerServer(name: string, profile: string | null): Promise<ServerProcess> {
  return startProcess(new URL(`./servers/${name}.ts`, import.meta.url).pathname, /port (\d+)\s/, {}, profile);
}
