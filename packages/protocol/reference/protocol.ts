// Prints docs/protocol.md: a reference of the protocol, made from the schemas. Run by the pinned Node.
import type { z } from 'zod';
import * as protocol from '../src/index.ts';
import { type Field, fieldsOf, VALUES, valueIn } from './fields.ts';
import { DOCS, HTTP, membersOf } from './sources.ts';

const { CommandBody, EventBody, LIMITS, PROTOCOL_VERSION, REFUSALS, roleNeeded } = protocol;
const { Command, DivergenceReport, HashCheck, JoinRequest, PresenceEntry, PresenceUpdate, RoomEvent } =
  protocol;
const { CreateRoom, ShowInvitation, UpdateMe } = protocol;

const AS_GOOD_AS = { viewer: 'anyone in the room', editor: 'editors and hosts', host: 'hosts' } as const;

/** The name under which packages/protocol exports a schema. */
function nameOf(schema: unknown): string {
  const found = Object.entries(protocol).find(([, value]) => value === schema);
  if (found === undefined) throw new Error('a schema that packages/protocol does not export');
  return found[0];
}

function list(fields: readonly Field[]): string[] {
  if (fields.length === 0) return ['No fields.'];
  return fields.map(({ name, holds, optional }) => `- \`${name}\`${optional ? ' (optional)' : ''}: ${holds}`);
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`);
}

/** One member of a union of bodies: its name, what it is, its fields. */
function body(schema: z.ZodObject, kind: string, who: string | null): string[] {
  const about = [who === null ? '' : `For ${who}.`, DOCS.get(nameOf(schema)) ?? ''].filter(
    (part) => part !== '',
  );
  return [
    `### \`${kind}\``,
    '',
    ...(about.length > 0 ? [about.join(' '), ''] : []),
    ...list(fieldsOf(schema)),
    '',
  ];
}

function all(schemas: Readonly<Record<string, z.ZodType>>): string[] {
  return Object.entries(schemas).flatMap(([name, schema]) => {
    // The comment on the first schema of HTTP is about all of it.
    const doc = name === 'UpdateMe' ? undefined : DOCS.get(name);
    return [`### ${name}`, '', ...(doc === undefined ? [] : [doc, '']), ...list(fieldsOf(schema)), ''];
  });
}

/** The events of Socket.IO in one direction. */
function messages(type: string): string[] {
  const rows = membersOf(`type ${type}`).map(({ name, rest, doc }) => [
    `\`${name}\``,
    `\`${rest.replace(/ => void$/, '').replaceAll('readonly ', '')}\``,
    doc,
  ]);
  return [...table(['message', 'carries', ''], rows), ''];
}

const lines = [
  '# The protocol',
  '',
  'Made from the schemas of `packages/protocol` by `npm run protocol`; do not edit it by hand. `npm run check` says when',
  `it is out of date. Protocol version ${PROTOCOL_VERSION}.`,
  '',
  'A page sends **commands** and is told **events**. Each command that is carried out becomes one event in the log of its',
  'room; each that is not is answered with a **refusal**. Edits and runs in between: [ARCHITECTURE.md](../ARCHITECTURE.md).',
  'How events travel in few bytes: [decision 5](decisions/005-the-log-stream.md). Edits and keys travel as bytes:',
  '[decision 14](decisions/014-frames.md).',
  '',
  '## Messages of a page',
  '',
  ...messages('ClientToServer'),
  '## Messages to a page',
  '',
  ...messages('ServerToClient'),
  '## What messages carry',
  '',
  ...all({ JoinRequest, Command, PresenceUpdate, PresenceEntry, HashCheck, DivergenceReport, RoomEvent }),
  '## Commands',
  '',
  DOCS.get('CommandBody') ?? '',
  '',
  ...CommandBody.options.flatMap((schema) => {
    const kind = schema.shape.kind.value;
    return body(schema, kind, AS_GOOD_AS[roleNeeded(kind)]);
  }),
  '## Events',
  '',
  DOCS.get('EventBody') ?? '',
  '',
  ...EventBody.options.flatMap((schema) => body(schema, schema.shape.kind.value, null)),
  '## HTTP',
  '',
  'All JSON. A refusal is `{ error: Refusal }` with a 4xx status, or with 503 where the room or the database cannot be had.',
  '',
  '```text',
  ...HTTP,
  '```',
  '',
  ...all({ UpdateMe, CreateRoom, ShowInvitation }),
  '## Values',
  '',
  ...table(
    ['name', 'holds', ''],
    [...VALUES].map(([name, schema]) => [name, valueIn(schema), DOCS.get(name) ?? '']),
  ),
  '',
  '## Refusals',
  '',
  ...table(
    ['code', 'sentence'],
    Object.entries(REFUSALS).map(([code, sentence]) => [`\`${code}\``, sentence]),
  ),
  '',
  '## Limits',
  '',
  DOCS.get('LIMITS') ?? '',
  '',
  ...table(
    ['limit', 'value', ''],
    membersOf('const LIMITS').map(({ name, doc }) => [
      `\`${name}\``,
      new Map<string, number>(Object.entries(LIMITS)).get(name)!.toLocaleString('en'),
      doc,
    ]),
  ),
  '',
];

process.stdout.write(lines.join('\n'));
