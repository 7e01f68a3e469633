/** Runs once around all end-to-end tests: the server at which those files do their work that need none of their own. */
import type { TestProject } from 'vitest/node';
import { engineThere } from './engine.ts';
import { Server } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Its URL. */
    sharedServer: string;
  }
}

export default async function shareServer(project: TestProject): Promise<() => Promise<void>> {
  // Requests of the harness say which address they are from.
  const env = { CODESYNC_PROXIES: '1' };
  const server = await Server.start((await engineThere()) ? { env } : { engine: 'none', env });
  project.provide('sharedServer', server.url);
  return async () => {
    const { crash } = server;
    await server.dispose();
    if (crash !== null) throw new Error(`The shared server ended by itself:\n${crash}`);
  };
}
