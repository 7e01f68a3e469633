// Everything that features put into the room, by where it stands.
import type { ComponentType } from 'react';
import type {
  DialogSpec,
  Feature,
  FileView,
  HeaderPlace,
  NotePlace,
  Panel,
  Placed,
} from '../../desk/feature.ts';

export type Slots = {
  readonly panels: readonly Panel[];
  readonly views: readonly FileView[];
  readonly header: readonly Placed<HeaderPlace>[];
  readonly status: readonly Placed<'start' | 'end'>[];
  readonly notes: readonly Placed<NotePlace>[];
  readonly dialogs: readonly DialogSpec[];
  readonly backgrounds: readonly ComponentType[];
};

const byOrder = (a: { readonly order: number }, b: { readonly order: number }) => a.order - b.order;

/** What all of `features` put into the room, each list in the order in which it is shown. */
export function slotsOf(features: readonly Feature[]): Slots {
  return {
    panels: features.flatMap(({ panels = [] }) => panels).sort(byOrder),
    views: features.flatMap(({ views = [] }) => views),
    header: features.flatMap(({ header = [] }) => header).sort(byOrder),
    status: features.flatMap(({ status = [] }) => status).sort(byOrder),
    notes: features.flatMap(({ notes = [] }) => notes).sort(byOrder),
    dialogs: features.flatMap(({ dialogs = [] }) => dialogs),
    backgrounds: features.flatMap(({ Background }) => Background ?? []),
  };
}

type AtProps<Place extends string> = { items: readonly Placed<Place>[]; place: Place };

/** The items of one place. */
export function At<Place extends string>({ items, place }: AtProps<Place>) {
  return items
    .filter((item) => item.place === place)
    .map(({ Content, order }) => <Content key={`${order} ${Content.name}`} />);
}
