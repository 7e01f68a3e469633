import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  Command,
  CreateRoom,
  DivergenceReport,
  HashCheck,
  JoinRequest,
  PresenceUpdate,
  parseForeign,
  runnerCommand,
  ShowInvitation,
  UpdateMe,
} from '../src/index.ts';
import { UNCOMPARABLE } from '../testing/index.ts';

describe('a value that says that it has such a length', () => {
  test.each(UNCOMPARABLE.map((length, n) => [n, length]))('%#', (_, length) => {
    const schemas: readonly z.ZodType[] = [z.string().max(5), z.string().min(1), z.array(z.string()).max(5)];
    for (const schema of schemas) {
      expect(() => schema.safeParse({ length }), 'zod has learnt it: parseForeign can go').toThrow();
      expect(parseForeign(schema, { length }).success).toBe(false);
    }
  });

  test('is refused wherever it stands in what may come from anyone', () => {
    const schemas: readonly z.ZodType[] = [
      Command,
      CreateRoom,
      DivergenceReport,
      HashCheck,
      JoinRequest,
      PresenceUpdate,
      runnerCommand,
      ShowInvitation,
      UpdateMe,
    ];
    const kinds = Command.shape.body.options.map((option) => option.shape.kind.value);
    const names = [
      ...fieldsOf(schemas.map((schema) => z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }))),
    ];
    expect(names).toEqual(expect.arrayContaining(['name', 'path', 'text', 'secret', 'room']));
    const hostile = fc.constantFrom(...UNCOMPARABLE.map((length) => ({ length })));
    const field = fc.oneof(
      hostile,
      fc.constantFrom<unknown>('x', 1, null, true),
      fc.array(hostile, { maxLength: 2 }),
    );
    const body = fc
      .tuple(fc.constantFrom(...kinds), fc.dictionary(fc.constantFrom(...names), field))
      .map(([kind, fields]) => ({ ...fields, kind }));
    const message = fc.dictionary(fc.constantFrom(...names), fc.oneof(field, body));
    fc.assert(
      fc.property(fc.constantFrom(...schemas), fc.oneof(hostile, message), (schema, value) => {
        parseForeign(schema, value);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The names of all properties in a JSON schema. */
function fieldsOf(schema: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const left = [schema];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const { properties } = next as { properties?: object };
    for (const name of Object.keys(properties ?? {})) names.add(name);
    left.push(...Object.values(next));
  }
  return names;
}
