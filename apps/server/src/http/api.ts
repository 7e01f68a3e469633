// The JSON interface below /api, as packages/protocol/src/http.ts has it.
import {
  CreateRoom,
  type CreateRoomReply,
  type Invitation,
  LIMITS,
  type LinksReply,
  type MeReply,
  type Participant,
  PROTOCOL_VERSION,
  parseForeign,
  refusal,
  ShowInvitation,
  type StatusReply,
  UpdateMe,
  unreadable,
} from '@codesync/protocol';
import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { isHttps } from '../client-address.ts';
import { type Identities, newParticipant } from '../identity.ts';
import { originAllowed } from '../origin.ts';
import { type BlobStore, type Runner, StorageUnavailable } from '../ports.ts';
import type { RoomRegistry } from '../rooms/registry.ts';
import { AddressLimit } from './address-limit.ts';
import { blobRouter } from './blobs.ts';
import { refuse } from './replies.ts';
import { roomOf } from './room-of.ts';

export type ApiDeps = {
  readonly registry: RoomRegistry;
  readonly blobs: BlobStore;
  readonly runner: Runner;
  readonly identities: Identities;
  readonly origins: readonly string[];
  readonly proxies: number;
  /** The product's version. */
  readonly version: string;
};

const BODY_BYTES = 16_384;

export function apiRouter(deps: ApiDeps): Router {
  const { registry, blobs, runner, identities, origins, proxies, version } = deps;
  const router = Router();
  const perAddress = new AddressLimit(LIMITS.joinsPerMinute, proxies);
  const rooms = new AddressLimit(LIMITS.roomsPerMinute, proxies);
  const parts = new AddressLimit(LIMITS.blobPartsPerMinute, proxies);

  async function signedIn(request: Request, response: Response): Promise<Participant | null> {
    const participant = await identities.read(request.headers.cookie);
    if (participant === null) refuse(response, 'identity.required');
    return participant;
  }

  router.use((request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    if (request.method !== 'GET' && !originAllowed(request, origins)) {
      response.status(403).json({ error: { code: 'protocol.malformed', message: 'Wrong origin.' } });
    } else next();
  });

  router.get('/status', (_request, response) => {
    const reply: StatusReply = { protocol: PROTOCOL_VERSION, version, sandbox: runner.status() };
    response.json(reply);
  });

  router.use(blobRouter({ registry, blobs, signedIn, limit: parts }));

  router.use(async (request, response, next) => {
    if (await perAddress.within(request, response)) next();
  });
  // Nobody has a reason to compress 16 kB, and a body that is badly compressed would fail with an error of another
  // kind.
  router.use(express.json({ limit: BODY_BYTES, inflate: false }));

  router.get('/me', async (request, response) => {
    const reply: MeReply = { participant: await identities.read(request.headers.cookie) };
    response.json(reply);
  });

  router.put('/me', async (request, response) => {
    const wish = parseForeign(UpdateMe, request.body);
    if (!wish.success) {
      const { code, message } = unreadable(request.body, refusal('identity.invalid'));
      return refuse(response, code, message);
    }
    const { name, hue } = wish.data;
    const known = await identities.read(request.headers.cookie);
    const participant =
      known === null ? newParticipant(name, hue) : { id: known.id, name, hue: hue ?? known.hue };
    response.setHeader('Set-Cookie', await identities.write(participant, isHttps(request, proxies)));
    const reply: MeReply = { participant };
    response.json(reply);
  });

  router.post('/rooms', async (request, response) => {
    const wish = parseForeign(CreateRoom, request.body);
    if (!wish.success) {
      const { code, message } = unreadable(request.body);
      return refuse(response, code, message);
    }
    const participant = await signedIn(request, response);
    if (participant === null || !(await rooms.within(request, response))) return;
    const { language, name } = wish.data;
    const reply: CreateRoomReply = { room: await registry.create(language, name, participant) };
    response.status(201).json(reply);
  });

  router.get('/rooms/:id/links', async (request, response) => {
    const participant = await signedIn(request, response);
    if (participant === null) return;
    const room = await roomOf(registry, request, response);
    if (room === null) return;
    if ((await room.role(participant.id)) !== 'host') return refuse(response, 'role.host');
    const reply: LinksReply = { links: await room.links() };
    response.json(reply);
  });

  // For people whom the server does not know yet, so that they see where they are going.
  router.post('/rooms/:id/invitation', async (request, response) => {
    const wish = parseForeign(ShowInvitation, request.body);
    if (!wish.success) return refuse(response, 'room.link');
    const room = await roomOf(registry, request, response);
    if (room === null) return;
    const invited = await room.invitation(wish.data.secret);
    if (!invited.ok) return refuse(response, invited.error.code);
    const reply: Invitation = invited.invitation;
    response.json(reply);
  });

  router.use((_request, response) => {
    response.status(404).json({ error: { code: 'protocol.malformed', message: 'There is nothing here.' } });
  });

  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (error instanceof StorageUnavailable)
      refuse(response, error.full ? 'storage.full' : 'storage.unavailable');
    else if (isBodyError(error)) refuse(response, 'protocol.malformed');
    else next(error);
  });
  return router;
}

/** What express.json throws for a body that is too large or not JSON. */
function isBodyError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'type' in error &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status < 500
  );
}
