// Where the keyboard's focus goes when what had it closes or is gone.
import { createContext, useContext, useEffect, useLayoutEffect, useMemo, useRef } from 'react';

type Focus = {
  /** What had the focus last, whether or not it is still there. */
  readonly last: () => Element | null;
  /** Gives the focus to what the next key most likely belongs to. */
  readonly home: () => void;
};

export const FocusContext = createContext<Focus>({
  last: () => document.activeElement,
  home: () => undefined,
});

/** These give the focus back by themselves. */
const LAYERS = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Remembers what has the focus, and takes the focus home when the element that had it is gone. */
export function useFocusKeeper(home: () => void): Focus {
  const last = useRef<Element | null>(null);
  const current = useRef(home);
  current.current = home;

  useEffect(() => {
    const catchLost = () => {
      const had = last.current;
      if (document.activeElement !== document.body || had === null || had.isConnected) return;
      if (had.closest(LAYERS) === null) current.current();
    };
    const onIn = ({ target }: FocusEvent) => {
      if (target instanceof Element) last.current = target;
    };
    const onOut = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget === null) setTimeout(catchLost);
    };
    document.addEventListener('focusin', onIn);
    document.addEventListener('focusout', onOut);
    return () => {
      document.removeEventListener('focusin', onIn);
      document.removeEventListener('focusout', onOut);
    };
  }, []);

  return useMemo(() => ({ last: () => last.current, home: () => current.current() }), []);
}

/** What a layer was opened from. If that is an item of a menu, it is the button that the menu belongs to. */
export function openerOf(focused: Element | null): Element | null {
  const menu = focused?.closest('[role="menu"]');
  if (menu == null) return focused;
  const trigger = menu.getAttribute('aria-labelledby');
  return trigger === null ? null : document.getElementById(trigger);
}

/**
 * The `onCloseAutoFocus` of a layer that gives the focus back to its button by itself. If somebody has taken the focus
 * elsewhere meanwhile, it stays there.
 */
export function unlessTaken(event: Event): void {
  if (document.activeElement !== document.body) event.preventDefault();
}

/** Gives the focus to the first that takes it: `opener`, then what it lies in, from the inside out, then home. */
export function giveBack(opener: Element | null, home: () => void): void {
  for (let place = opener; place !== null; place = place.parentElement?.closest('[tabindex]') ?? null) {
    if (!(place instanceof HTMLElement) || !place.isConnected || place === document.body) continue;
    place.focus();
    if (document.activeElement === place) return;
  }
  home();
}

/**
 * Notes what a layer was opened from. Returns the layer's `onCloseAutoFocus`, which gives the focus back to that. If
 * what was chosen in the layer has taken the focus, it stays there.
 */
export function useFocusReturn(open: boolean): (event: Event) => void {
  const { last, home } = useContext(FocusContext);
  const opener = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (open) opener.current = openerOf(last());
  }, [open, last]);
  return (event) => {
    event.preventDefault();
    if (document.activeElement === document.body) giveBack(opener.current, home);
  };
}
