// The HTTP interface of the server, as values: a refusal is a result, not an exception.
import {
  type CreateRoomReply,
  type Invitation,
  type Language,
  type LinksReply,
  type MeReply,
  type RefusalCode,
  wellFormed,
} from '@codesync/protocol';
import { at } from './base.ts';

/** `network`: no answer came at all, or none that this server gives. */
export type ApiError = { readonly code: RefusalCode | 'network'; readonly message: string };
export type ApiResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ApiError };

const UNREACHABLE: ApiError = {
  code: 'network',
  message: 'The server cannot be reached. Check your connection, then try again.',
};

/** Whoever waits for an answer is told that none comes. */
const ANSWER_TIMEOUT_MS = 15_000;

async function request<T>(
  method: 'GET' | 'PUT' | 'POST',
  path: string,
  body?: unknown,
): Promise<ApiResult<T>> {
  try {
    const response = await fetch(at(path), {
      method,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(wellFormed(body)) }),
    });
    const reply = (await response.json()) as T & { error?: ApiError };
    if (response.ok) return { ok: true, value: reply };
    return { ok: false, error: reply.error ?? UNREACHABLE };
  } catch {
    return { ok: false, error: UNREACHABLE };
  }
}

export const api = {
  me: () => request<MeReply>('GET', 'api/me'),
  updateMe: (name: string, hue: number) => request<MeReply>('PUT', 'api/me', { name, hue }),
  createRoom: (language: Language, name: string) =>
    request<CreateRoomReply>('POST', 'api/rooms', { language, name }),
  invitation: (room: string, secret: string) =>
    request<Invitation>('POST', `api/rooms/${room}/invitation`, { secret }),
  links: (room: string) => request<LinksReply>('GET', `api/rooms/${room}/links`),
};
