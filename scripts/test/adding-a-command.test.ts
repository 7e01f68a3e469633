/** docs/adding-a-command.md tells where a command and a noun live. This keeps it true. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CommandBody, EventBody } from '../../packages/protocol/src/index.ts';
import { chat } from '../../packages/room/src/nouns/chat.ts';
import { comments } from '../../packages/room/src/nouns/comments.ts';
import { configurations } from '../../packages/room/src/nouns/configurations.ts';
import { edits } from '../../packages/room/src/nouns/edits.ts';
import { files } from '../../packages/room/src/nouns/files.ts';
import { pairing } from '../../packages/room/src/nouns/pairing.ts';
import { participants } from '../../packages/room/src/nouns/participants.ts';
import { rooms } from '../../packages/room/src/nouns/rooms.ts';
import { runs } from '../../packages/room/src/nouns/runs.ts';
import { terminals } from '../../packages/room/src/nouns/terminals.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NOUNS = { rooms, participants, files, edits, runs, configurations, terminals, comments, chat, pairing };
const NAMES = Object.keys(NOUNS);

const source = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const doc = source('docs/adding-a-command.md');

test('every file that the page names is there, for every noun', () => {
  const named = [...doc.matchAll(/`((?:apps|packages|docs|scripts)\/[^`*]+)`/g)].map(([, file]) => file!);
  const all = named.flatMap((file) => NAMES.map((noun) => file.replace('NOUN', noun)));
  expect(named.length).toBeGreaterThan(20);
  expect(all.filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
});

test('it lists every noun', () => {
  const rows = [...doc.matchAll(/^\| `(\w+)` \| `packages\/protocol/gm)].map(([, noun]) => noun);
  const there = fs
    .readdirSync(path.join(ROOT, 'packages/room/src/nouns'))
    .map((file) => path.parse(file).name);
  expect(rows.sort()).toEqual([...NAMES].sort());
  expect(there.sort()).toEqual([...NAMES].sort());
});

describe.each(Object.entries(NOUNS))('the noun %s', (name, { fold, decide }) => {
  test('has its messages in the file of its name', () => {
    const messages = source(`packages/protocol/src/${name}.ts`);
    const missing = [...Object.keys(fold), ...Object.keys(decide)].filter(
      (kind) => !messages.includes(`z.literal('${kind}')`),
    );
    expect(missing).toEqual([]);
  });

  test('stands in every table', () => {
    const tables = source('packages/room/src/nouns.ts');
    const columns = ['fold', 'decide', ...(name === 'edits' ? [] : ['empty', 'toKeyframe', 'fromKeyframe'])];
    expect(columns.filter((column) => !tables.includes(`...${name}.${column}`))).toEqual([]);
  });
});

test('every kind of command and of event is a noun’s', () => {
  const kindsOf = (schemas: readonly { shape: { kind: { value: string } } }[]) =>
    schemas.map(({ shape }) => shape.kind.value).sort();
  const all = Object.values(NOUNS);
  expect(kindsOf(CommandBody.options)).toEqual(all.flatMap(({ decide }) => Object.keys(decide)).sort());
  expect(kindsOf(EventBody.options)).toEqual(all.flatMap(({ fold }) => Object.keys(fold)).sort());
});
