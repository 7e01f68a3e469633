import { useEffect } from 'react';
import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import { isForShell, matches, typesCharacter } from '../../desk/shortcuts.ts';

function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.role === 'textbox' ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Whether it is in a terminal that this person may type into. */
function ownsKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-own-keys]') !== null;
}

/** Whether Enter sends what is written there. With Control or Command it does the same: people know it so. */
function sends(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-sends]') !== null;
}

const LAYERS = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';
/** What the editor offers while one types. It has keys of its own, and leaves the others alone. */
const OFFERED = '.suggest-widget';

/** Whether something lies over the page. Monaco leaves in it what it has hidden. */
function hasLayer(): boolean {
  return [...document.querySelectorAll(LAYERS)].some(
    (layer) => layer.closest(OFFERED) === null && layer.getClientRects().length > 0,
  );
}

/**
 * Carries out the commands of the keys that are pressed anywhere in the room, before the editor sees them. Keys that
 * type something where text is typed are left alone. While a dialog or menu is open its own keys rule, and the
 * browser's do not take the place of ours. Escape, where nothing else wants it, goes back to the editor.
 */
export function useKeys(commands: () => readonly Command[], { mac, editor }: Desk): void {
  useEffect(() => {
    const known = commands();
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing) return;
      if (typesCharacter(event, mac) && takesText(event.target)) return;
      if (ownsKeys(event.target) && isForShell(event)) return;
      if (event.key === 'Enter' && sends(event.target)) return;
      const means = ({ keys }: Command) => keys?.some((shortcut) => matches(shortcut, event, mac)) ?? false;
      // Most keys mean no command. Only for those that do it is looked at how things stand.
      if (!known.some(means)) return;
      const command = commands().find((each) => each.enabled && means(each));
      if (command === undefined) return;
      if (hasLayer()) {
        if (event.ctrlKey || event.metaKey) event.preventDefault();
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      command.run();
    };
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || hasLayer()) return;
      if (event.target instanceof Element && event.target.closest('.monaco-editor') !== null) return;
      editor.focus();
    };
    addEventListener('keydown', onKey, { capture: true });
    addEventListener('keydown', onEscape);
    return () => {
      removeEventListener('keydown', onKey, { capture: true });
      removeEventListener('keydown', onEscape);
    };
  }, [commands, mac, editor]);
}
