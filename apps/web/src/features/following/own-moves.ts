// What counts as this person's own move while they follow somebody: in the code and below it, whatever they do by hand.
import type { FileId } from '@codesync/protocol';
import type { Desk } from '../../desk/desk.ts';

const PLACES = '[data-place="file"], [data-place="below"]';
const LAYERS = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Keys that only change what others mean. */
const MODIFIERS: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock']);
/** With Control or Command these still move; other keys are commands there, and what they do to the text is seen in it. */
const MOVING = /^(Arrow|Page|Home|End|Backspace|Delete|Enter)/;

const inPlace = (target: EventTarget | null) => target instanceof Element && target.closest(PLACES) !== null;
const inLayer = (target: EventTarget | null) => target instanceof Element && target.closest(LAYERS) !== null;

function isOwnKey(event: KeyboardEvent): boolean {
  if (event.key === 'Escape') return !inLayer(event.target);
  if (!inPlace(event.target) || MODIFIERS.has(event.key)) return false;
  const command = event.ctrlKey || event.metaKey || event.altKey;
  return !command || MOVING.test(event.key);
}

/**
 * Calls `moved` at each own move: a key, a press, a turn of the wheel or a finger in the code or below it, Escape, an edit,
 * another file.
 *
 * @param brought the file that following has brought this page to.
 * @returns the way to stop it.
 */
export function onOwnMove(desk: Desk, brought: () => FileId | null, moved: () => void): () => void {
  const stop = new AbortController();
  const options = { capture: true, passive: true, signal: stop.signal };
  const inCode = (event: Event) => {
    if (inPlace(event.target)) moved();
  };
  addEventListener('keydown', (event) => isOwnKey(event) && moved(), options);
  for (const kind of ['pointerdown', 'wheel', 'touchmove'] as const) addEventListener(kind, inCode, options);
  const stops = [
    desk.source.onTexts(({ own }) => {
      if (own) moved();
    }),
    desk.state.subscribe(({ tabs: { active } }, { tabs: before }) => {
      if (active === before.active || active === brought()) return;
      // Where the file was deleted, nobody has moved.
      const gone = before.active !== null && !desk.view().room.files.has(before.active);
      if (!gone) moved();
    }),
  ];
  return () => {
    stop.abort();
    for (const each of stops) each();
  };
}
