// Schemas as a reader wants them: each field with what it may hold.
import { z } from 'zod';
import * as protocol from '../src/index.ts';

type Json = z.core.JSONSchema.BaseSchema;

/** The exported schemas that a field is said to hold by their name, apart from objects: those are shown in full. */
export const VALUES: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries(protocol).flatMap(([name, value]): [string, z.ZodType][] => {
    if (!(value instanceof z.ZodType) || value instanceof z.ZodObject || /^[a-z]/.test(name)) return [];
    return value instanceof z.ZodDiscriminatedUnion ? [] : [[name, value]];
  }),
);

/** Where the reference has what a schema stands for. */
const LINKS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ...[...VALUES].map(([name, schema]) => [schema, `[${name}](#values)`] as const),
  [protocol.CommandBody, 'one of the [commands](#commands), with its `kind`'],
  [protocol.EventBody, 'one of the [events](#events), with its `kind`'],
]);

function jsonOf(schema: z.ZodType): Json {
  const whole: unknown = schema;
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const link = zodSchema === whole ? undefined : LINKS.get(zodSchema);
      if (link !== undefined) jsonSchema.title = link;
    },
  });
}

const number = (value: number): string => value.toLocaleString('en');

/** A lower and an upper bound in words, without those that any JavaScript number has. */
function between(low: number | undefined, high: number | undefined, unit: string): string {
  const least = low === undefined || low <= Number.MIN_SAFE_INTEGER ? null : low;
  const most = high === undefined || high >= Number.MAX_SAFE_INTEGER ? null : high;
  if (least !== null && most !== null) return `${number(least)} to ${number(most)}${unit}`;
  if (least !== null) return `${number(least)}${unit} or more`;
  return most === null ? '' : `up to ${number(most)}${unit}`;
}

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(', ');

function words(json: Json): string {
  if (json.title !== undefined) return json.title;
  if (json.const !== undefined) return `\`${JSON.stringify(json.const)}\``;
  if (json.enum !== undefined) return json.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  const either = json.anyOf ?? json.oneOf;
  if (either !== undefined) return either.map((one) => words(part(one))).join(' or ');
  if (Array.isArray(json.type)) return json.type.map((type) => words({ ...json, type })).join(' or ');
  switch (json.type) {
    case 'string':
      if (json.pattern !== undefined) return `text that matches \`${json.pattern}\``;
      return joined('text', between(json.minLength, json.maxLength, ' UTF-16 units'));
    case 'integer':
      return joined('integer', between(json.minimum, json.maximum, ''));
    case 'number':
      return joined('number', between(json.minimum, json.maximum, ''));
    case 'array':
      return joined(`list of ${words(part(json.items))}`, between(json.minItems, json.maxItems, ''));
    case 'object':
      return json.properties === undefined
        ? 'object'
        : `{ ${fieldsIn(json)
            .map(({ name, holds, optional }) => `\`${name}\`${optional ? ' (optional)' : ''}: ${holds}`)
            .join('; ')} }`;
    default:
      return json.type ?? 'JSON';
  }
}

function isSchema(json: unknown): json is Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function part(json: unknown): Json {
  return isSchema(json) ? json : {};
}

export type Field = { readonly name: string; readonly holds: string; readonly optional: boolean };

function fieldsIn(json: Json): Field[] {
  const required = new Set(json.required);
  return Object.entries(json.properties ?? {}).map(([name, value]) => ({
    name,
    holds: words(part(value)),
    optional: !required.has(name),
  }));
}

/** The fields of an object, but for the `kind` that it is told by. */
export function fieldsOf(schema: z.ZodType): Field[] {
  return fieldsIn(jsonOf(schema)).filter(({ name }) => name !== 'kind');
}

/** What a value may be, in words. */
export function valueIn(schema: z.ZodType): string {
  return words(jsonOf(schema));
}
