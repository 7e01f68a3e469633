// Who is in the call, as it is shown: a tile for each person, and one for each screen. Pure.
import type { CallMember, CallState, ClientId, Member, ParticipantId } from '@codesync/protocol';

export type Tile = {
  readonly kind: 'person' | 'screen';
  readonly member: CallMember;
  readonly name: string;
  readonly hue: number;
  readonly own: boolean;
};

export type LargeTile = { readonly kind: Tile['kind']; readonly client: ClientId };

/** Screens first, then oneself, then the others in the order in which they came. */
export function tilesOf(
  { members }: CallState,
  people: ReadonlyMap<ParticipantId, Pick<Member, 'name' | 'hue'>>,
  self: ClientId | null,
): readonly Tile[] {
  const tile = (kind: Tile['kind'], member: CallMember): Tile => {
    const { name = 'Somebody', hue = 0 } = people.get(member.participant) ?? {};
    return { kind, member, name, hue, own: member.client === self };
  };
  const inOrder = members.toSorted((a, b) => Number(b.client === self) - Number(a.client === self));
  return [
    ...inOrder.filter(({ screen }) => screen).map((member) => tile('screen', member)),
    ...inOrder.map((member) => tile('person', member)),
  ];
}

/** What is shown large: what was chosen, as long as it is there. */
export function largeOf(tiles: readonly Tile[], chosen: LargeTile | null): Tile | null {
  if (chosen === null) return null;
  const { kind, client } = chosen;
  return tiles.find((tile) => tile.kind === kind && tile.member.client === client) ?? null;
}
