// Many messages of one client at once.
import type { HostileClient } from '../hostile-client.ts';
import type { Random } from '../random.ts';

/** Waits until the server has answered, as long as it goes on answering at all. */
export async function quiet(client: HostileClient): Promise<void> {
  await Promise.race([client.settled(), new Promise((resolve) => setTimeout(resolve, 3_000).unref())]);
  client.end();
}

/**
 * Sends up to `most` messages and waits until they are answered. Tells how many they were: none where the client was not
 * let in. What `send` resolves to is waited for before the next one.
 */
export async function burst(
  arrival: Promise<HostileClient | null>,
  random: Random,
  most: number,
  send: (client: HostileClient, index: number) => unknown,
): Promise<number> {
  const client = await arrival;
  if (client === null) return 0;
  const count = 1 + random.below(most);
  for (let i = 0; i < count; i++) await send(client, i);
  await quiet(client);
  return count;
}
