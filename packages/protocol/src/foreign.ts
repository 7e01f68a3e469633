// Values that may come from anyone, read by a schema.
import type { z } from 'zod';

/** A shape, and how to parse what may have it. */
export type Schema<Value> = z.ZodType<Value>;

/** Where a value does not fit, and how. */
type Issue = { readonly path: readonly PropertyKey[]; readonly code: string; readonly message: string };

export type ForeignRead<Value> =
  | { readonly success: true; readonly data: Value }
  | {
      readonly success: false;
      readonly error: { readonly message: string; readonly issues: readonly Issue[] };
    };

/**
 * Like `safeParse`, but never throws. zod compares the `length` even of a value that is neither a string nor an
 * array. That length may be an object without a primitive value, or one nested too deeply for it. Then the
 * comparison throws. Such a value does not fit the schema either.
 */
export function parseForeign<Value>(schema: Schema<Value>, value: unknown): ForeignRead<Value> {
  try {
    return schema.safeParse(value);
  } catch (error) {
    const message = `The value cannot be looked at: ${error}`;
    return { success: false, error: { message, issues: [{ path: [], code: 'custom', message }] } };
  }
}
