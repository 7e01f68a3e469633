// Every request has an id and one line in the log, which says nothing of what its address or its body say.
import { randomBytes } from 'node:crypto';
import { type RefusalCode, RoomId } from '@codesync/protocol';
import type { Request, RequestHandler, Response } from 'express';
import type { Log } from '../ports.ts';

/** What proxies call a request: a UUID, hexadecimal digits or the like. It must not be able to hold a sentence. */
const ID = /^[\w.-]{8,64}$/;

/** An answer: to which method, with which status, and the code of a refusal. */
export type Answered = (method: string, status: number, code: RefusalCode | undefined) => void;

/** The id that a request is known by, on its answer as X-Request-Id and in the log. */
export function requestId(response: Response): string {
  return response.locals.request as string;
}

/** The room that a request's address names, for the log. */
export function roomOf(request: Request): { readonly room?: string } {
  const { data } = RoomId.safeParse(request.params.id ?? request.params.room);
  return data === undefined ? {} : { room: data };
}

/**
 * Names each request and logs its answer. Only a trusted proxy's id is taken over: anyone else could write anything
 * there.
 */
export function requestLog(log: Log, proxies: number, answered: Answered): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    const given = proxies > 0 ? request.get('x-request-id') : undefined;
    const id = given !== undefined && ID.test(given) ? given : randomBytes(12).toString('base64url');
    response.locals.request = id;
    response.setHeader('X-Request-Id', id);
    response.once('close', () => {
      const { method } = request;
      const { statusCode: status, writableFinished } = response;
      const code = response.locals.refusal as RefusalCode | undefined;
      answered(method, status, code);
      const fields = {
        request: id,
        method,
        // The pattern of the address, never the address.
        route: request.route === undefined ? null : `${request.baseUrl}${String(request.route.path)}`,
        ...roomOf(request),
        status,
        ms: Math.round((performance.now() - began) * 10) / 10,
        ...(code === undefined ? {} : { code }),
        ...(writableFinished ? {} : { aborted: true }),
      };
      log.debug(fields, 'a request was answered');
    });
    next();
  };
}
