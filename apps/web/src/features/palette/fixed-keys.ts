// Keys that belong to a place and not to a command of the room.

type FixedKey = { readonly title: string; readonly keys: string; readonly onMac?: string };

/** Monaco's own, the ones that people reach for. */
export const EDITOR_KEYS: readonly FixedKey[] = [
  { title: 'Find', keys: 'mod+f' },
  { title: 'Replace', keys: 'mod+h', onMac: 'mod+alt+f' },
  { title: 'Next match', keys: 'f3', onMac: 'mod+g' },
  { title: 'Go to line', keys: 'ctrl+g' },
  { title: 'Go to the matching bracket', keys: 'mod+shift+\\' },
  { title: 'Undo', keys: 'mod+z' },
  { title: 'Redo', keys: 'mod+y', onMac: 'mod+shift+z' },
  { title: 'Suggest', keys: 'ctrl+space' },
  { title: 'Comment a line', keys: 'mod+/' },
  { title: 'Indent', keys: 'mod+]' },
  { title: 'Outdent', keys: 'mod+[' },
  { title: 'Move a line up', keys: 'alt+up' },
  { title: 'Move a line down', keys: 'alt+down' },
  { title: 'Delete a line', keys: 'mod+shift+k' },
  { title: 'Select the next same text too', keys: 'mod+d' },
  { title: 'Select all same texts', keys: 'mod+shift+l' },
  { title: 'Fold', keys: 'mod+shift+[', onMac: 'mod+alt+[' },
  { title: 'Unfold', keys: 'mod+shift+]', onMac: 'mod+alt+]' },
  { title: 'Let Tab move the focus out', keys: 'ctrl+m', onMac: 'ctrl+shift+m' },
];

export const PLACE_KEYS: readonly FixedKey[] = [
  { title: 'Back to the editor', keys: 'escape' },
  { title: 'Preview the file chosen in the palette', keys: 'right' },
  { title: 'Rename the file chosen in the list', keys: 'f2' },
  { title: 'Delete the file chosen in the list', keys: 'delete' },
  { title: 'End the input of a running program', keys: 'ctrl+d' },
];
