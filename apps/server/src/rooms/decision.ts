import { type EventBody, type Refusal, type RefusalCode, refusal } from '@codesync/protocol';

/** What a command comes to: the fact that it makes, or why it makes none. */
export type Decision =
  | { readonly ok: true; readonly body: EventBody }
  | { readonly ok: false; readonly error: Refusal };

export function fact(body: EventBody): Decision {
  return { ok: true, body };
}

export function refuse(code: RefusalCode, message?: string): Decision {
  return { ok: false, error: refusal(code, message) };
}
