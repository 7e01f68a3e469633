// A text that is to be formatted in a sandbox. What comes of it is no fact of the room: the page makes an edit of it.
import { z } from 'zod';
import type { Refusal } from './errors.ts';
import { LIMITS } from './limits.ts';
import { WellFormedText } from './text.ts';

/** The languages whose formatters are in the sandbox. */
export const FormatLanguage = z.enum(['python', 'go', 'rust']);
export type FormatLanguage = z.infer<typeof FormatLanguage>;

/** The text of one file, to be formatted as its language is wont to be. */
export const FormatRequest = z.strictObject({
  language: FormatLanguage,
  text: WellFormedText.max(LIMITS.fileUnits),
});
export type FormatRequest = z.infer<typeof FormatRequest>;

export type FormatReply =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly error: Refusal };
