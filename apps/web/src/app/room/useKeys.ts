import { useEffect, useRef } from 'react';
import type { Command } from '../../features/palette/command.ts';
import { matches, typesCharacter } from '../../features/palette/shortcuts.ts';

function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.role === 'textbox' ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const LAYERS = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/**
 * Carries out the commands of the keys that are pressed anywhere in the room, before the editor sees them. Keys that
 * type something where text is typed are left alone. While a dialog or menu is open its own keys rule, and the
 * browser's do not take the place of ours. Escape, where nothing else wants it, goes back to the editor.
 */
export function useKeys(commands: readonly Command[], mac: boolean, focusEditor: () => void): void {
  const current = useRef({ commands, focusEditor });
  current.current = { commands, focusEditor };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing) return;
      if (typesCharacter(event, mac) && takesText(event.target)) return;
      const command = current.current.commands.find(
        ({ enabled, keys }) => enabled && keys?.some((shortcut) => matches(shortcut, event, mac)),
      );
      if (command === undefined) return;
      if (document.querySelector(LAYERS) !== null) {
        if (event.ctrlKey || event.metaKey) event.preventDefault();
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      command.run();
    };
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector(LAYERS) !== null) return;
      if (event.target instanceof Element && event.target.closest('.monaco-editor') !== null) return;
      current.current.focusEditor();
    };
    addEventListener('keydown', onKey, { capture: true });
    addEventListener('keydown', onEscape);
    return () => {
      removeEventListener('keydown', onKey, { capture: true });
      removeEventListener('keydown', onEscape);
    };
  }, [mac]);
}
