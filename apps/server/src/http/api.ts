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
  RoomId,
  refusal,
  ShowInvitation,
  type StatusReply,
  UpdateMe,
  unreadable,
} from '@codesync/protocol';
import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { clientAddress, isHttps } from '../client-address.ts';
import { type Identities, newParticipant } from '../identity.ts';
import { originAllowed } from '../origin.ts';
import { type Runner, StorageUnavailable } from '../ports.ts';
import type { RoomRegistry } from '../rooms/registry.ts';
import { refuse } from './replies.ts';

export type ApiDeps = {
  readonly registry: RoomRegistry;
  readonly runner: Runner;
  readonly identities: Identities;
  readonly origins: readonly string[];
  readonly proxies: number;
  /** The product's version. */
  readonly version: string;
};

const BODY_BYTES = 16_384;

export function apiRouter(deps: ApiDeps): Router {
  const { registry, runner, identities, origins, proxies, version } = deps;
  const router = Router();
  const perAddress = new RateLimiterMemory({ points: LIMITS.joinsPerMinute, duration: 60 });
  const rooms = new RateLimiterMemory({ points: LIMITS.roomsPerMinute, duration: 60 });

  async function within(limiter: RateLimiterMemory, request: Request, response: Response): Promise<boolean> {
    try {
      await limiter.consume(clientAddress(request, proxies));
      return true;
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      response.setHeader('Retry-After', Math.ceil(error.msBeforeNext / 1000));
      refuse(response, 'rate.address');
      return false;
    }
  }

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

  router.use(async (request, response, next) => {
    if (await within(perAddress, request, response)) next();
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
    if (participant === null || !(await within(rooms, request, response))) return;
    const { language, name } = wish.data;
    const reply: CreateRoomReply = { room: await registry.create(language, name, participant) };
    response.status(201).json(reply);
  });

  router.get('/rooms/:id/links', async (request, response) => {
    const participant = await signedIn(request, response);
    if (participant === null) return;
    const id = RoomId.safeParse(request.params.id);
    if (!id.success) return refuse(response, 'room.unknown');
    const opened = await registry.open(id.data);
    if (!opened.ok) return refuse(response, opened.error.code);
    if (!(await opened.room.isHost(participant.id))) return refuse(response, 'role.host');
    const reply: LinksReply = { links: await opened.room.links() };
    response.json(reply);
  });

  // For people whom the server does not know yet, so that they see where they are going.
  router.post('/rooms/:id/invitation', async (request, response) => {
    const wish = parseForeign(ShowInvitation, request.body);
    if (!wish.success) return refuse(response, 'room.link');
    const id = RoomId.safeParse(request.params.id);
    if (!id.success) return refuse(response, 'room.unknown');
    const opened = await registry.open(id.data);
    if (!opened.ok) return refuse(response, opened.error.code);
    const invited = await opened.room.invitation(wish.data.secret);
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
