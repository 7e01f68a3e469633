import { type RefusalCode, refusal } from '@codesync/protocol';
import type { Response } from 'express';

/** The status that goes with a refusal, by the first part of its code or the whole of it. */
const STATUS: Readonly<Record<string, number>> = {
  'identity.required': 401,
  'room.unknown': 404,
  'room.unavailable': 503,
  'room.newer': 503,
  'room.damaged': 503,
  'storage.unavailable': 503,
  'storage.full': 503,
  rate: 429,
  role: 403,
  room: 403,
};

/** Ends a request with a coded refusal, which the request's line in the log names. */
export function refuse(response: Response, code: RefusalCode, message?: string): void {
  const status = STATUS[code] ?? STATUS[code.split('.')[0]!] ?? 400;
  response.locals.refusal = code;
  response.status(status).json({ error: refusal(code, message) });
}
