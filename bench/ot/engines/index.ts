/** The engines by the names that the command line takes, in the order of the table. */
import type { Engine } from '../engine.ts';

export const ENGINES = {
  codesync: 'CodeSync',
  'ot-text-unicode': 'ot-text-unicode',
  'ot-js': 'ot.js',
  codemirror: 'CodeMirror',
  yjs: 'Yjs',
  'json-joy': 'json-joy',
  'diamond-types': 'diamond-types',
  loro: 'Loro',
  automerge: 'Automerge',
} as const;

export type EngineName = keyof typeof ENGINES;

/** Loads one engine; the others stay out of the process. */
export async function loadEngine(name: EngineName): Promise<Engine> {
  const module: { readonly engine: Engine } = await import(`./${name}.ts`);
  return module.engine;
}
