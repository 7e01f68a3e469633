// Who has their cursors out of view in the file that is seen, and in which direction. Pure.
import type { ParticipantId } from '@codesync/protocol';

/** Somebody's cursors, by the lines that they are in, from 1. */
export type Lines = {
  readonly participant: ParticipantId;
  readonly name: string;
  readonly hue: number;
  readonly lines: readonly number[];
};

/** Somebody out of view, with the line of the cursor that is nearest. */
export type Edge = Omit<Lines, 'lines'> & { readonly line: number };

export type Edges = { readonly above: readonly Edge[]; readonly below: readonly Edge[] };

export const NO_EDGES: Edges = { above: [], below: [] };

/**
 * Those of whom no cursor is in view, in whichever of their tabs; the nearest come first. `first` and `last` are the
 * lines at the edges of the view.
 */
export function edgesOf(cursors: readonly Lines[], { first, last }: { first: number; last: number }): Edges {
  const away = (line: number) => Math.max(first - line, line - last, 0);
  const nearest = new Map<ParticipantId, Edge>();
  for (const { lines, ...person } of cursors) {
    for (const line of lines) {
      const known = nearest.get(person.participant);
      if (known === undefined || away(line) < away(known.line)) {
        nearest.set(person.participant, { ...person, line });
      }
    }
  }
  const out = [...nearest.values()].filter(({ line }) => away(line) > 0);
  out.sort((a, b) => away(a.line) - away(b.line) || (a.participant < b.participant ? -1 : 1));
  return { above: out.filter(({ line }) => line < first), below: out.filter(({ line }) => line > last) };
}

export function sameEdges(a: Edges, b: Edges): boolean {
  return sameSide(a.above, b.above) && sameSide(a.below, b.below);
}

function sameSide(a: readonly Edge[], b: readonly Edge[]): boolean {
  const same = (one: Edge, other: Edge | undefined) =>
    one.participant === other?.participant &&
    one.name === other.name &&
    one.hue === other.hue &&
    one.line === other.line;
  return a.length === b.length && a.every((edge, i) => same(edge, b[i]));
}
