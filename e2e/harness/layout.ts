/**
 * What is wrong with a page's layout as it stands, whatever the page is: things that lie over each other, text and
 * controls that are cut off where nothing scrolls, and text that is shortened with no way to read the rest.
 */
import type { Locator, Page } from 'playwright-core';

/** What rooms are looked at on: two desks, a desk at twice its size, a phone. */
const WINDOWS = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 720, height: 450 },
  { width: 390, height: 844 },
] as const;

/** Looks at a page in every window; resolves to what is wrong, each fault after its width and `state`. */
export async function faultsAtEachWidth(page: Page, state: string): Promise<string[]> {
  const faults: string[] = [];
  for (const window of WINDOWS) {
    await resize(page, window);
    for (const pane of await panesOf(page)) {
      await pane?.click();
      await settled(page);
      const where = [state, `${window.width} wide`, await pane?.textContent()].filter(Boolean).join(', ');
      faults.push(...(await layoutFaults(page)).map((fault) => `${where}: ${fault}`));
    }
  }
  return faults;
}

/** Gives the page's window a size; resolves when the page stands as that size has it. */
export async function resize(page: Page, size: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(size);
  await settled(page);
}

/** The buttons of a phone's panes, each to be looked at; of other pages and windows the one look at the whole. */
async function panesOf(page: Page): Promise<(Locator | null)[]> {
  if (await page.getByRole('dialog').isVisible()) return [null];
  const panes = await page.getByRole('navigation', { name: 'Panes' }).getByRole('button').all();
  return panes.length === 0 ? [null] : panes.toReversed();
}

/** What a new size or pane moves has moved: two frames, and the end of what fades, but for what goes on for ever. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const passing = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations === 1);
    await Promise.all(passing.map(({ finished }) => finished.catch(() => undefined)));
  });
}

/** One sentence per fault; none when the layout holds. The code in the editor is the editor's own affair. */
function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Box = { left: number; top: number; right: number; bottom: number };
    type Item = { element: Element; what: string; whole: Box; seen: Box };
    /** What is laid over the rest on purpose: a fixed layer, or a widget that floats in its place. */
    const LAYERS =
      '[data-radix-popper-content-wrapper], [role="dialog"], [role="alertdialog"], [data-layer="over"]';
    const FOREIGN = '.monaco-editor, [aria-hidden="true"], script, style';
    const CONTROLS = 'button, a[href], input, select, textarea, [role="treeitem"], [role="option"]';
    /** Rounding and hairlines. */
    const SLACK = 1.5;
    const round = ({ left, top, right, bottom }: Box) =>
      `${Math.round(left)},${Math.round(top)} to ${Math.round(right)},${Math.round(bottom)}`;
    const meet = (a: Box, b: Box): Box => ({
      left: Math.max(a.left, b.left),
      top: Math.max(a.top, b.top),
      right: Math.min(a.right, b.right),
      bottom: Math.min(a.bottom, b.bottom),
    });
    const visible = (box: Box) => box.right - box.left > SLACK && box.bottom - box.top > SLACK;
    const sticksOut = (inner: Box, outer: Box) =>
      inner.left < outer.left - SLACK ||
      inner.top < outer.top - SLACK ||
      inner.right > outer.right + SLACK ||
      inner.bottom > outer.bottom + SLACK;
    /** Not what is there for screen readers alone, by whatever class. */
    const spoken = (element: Element) => {
      for (let at: Element | null = element; at !== null; at = at.parentElement)
        if (getComputedStyle(at).position === 'absolute' && at.clientWidth <= 1) return true;
      return false;
    };
    const shown = (element: Element) =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.closest(FOREIGN) === null &&
      !spoken(element);
    const words = (element: Element) =>
      (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 50) ||
      element.tagName;

    const faults: string[] = [];
    const items: Item[] = [];
    const window_: Box = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };

    /** What is left of a box by everything around it that clips; `cut` tells where a part is out of reach. */
    function clipped(element: Element, whole: Box): { seen: Box; cut: Element | null } {
      let seen = whole;
      let cut: Element | null = null;
      let scrolls = { x: false, y: false };
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
        const { left, top, width, height } = at.getBoundingClientRect();
        const around = { left, top, right: left + width, bottom: top + height };
        const inReach = {
          x: scrolls.x || /auto|scroll/.test(style.overflowX),
          y: scrolls.y || /auto|scroll/.test(style.overflowY),
        };
        const ellipsis = style.textOverflow === 'ellipsis';
        const lost =
          (!inReach.x &&
            !ellipsis &&
            (seen.left < around.left - SLACK || seen.right > around.right + SLACK)) ||
          (!inReach.y && (seen.top < around.top - SLACK || seen.bottom > around.bottom + SLACK));
        if (lost) cut ??= at;
        seen = meet(seen, around);
        scrolls = inReach;
      }
      if (!scrolls.x && (seen.left < -SLACK || seen.right > innerWidth + SLACK)) cut ??= document.body;
      return { seen: meet(seen, window_), cut };
    }

    function add(element: Element, what: string, whole: Box): void {
      if (!visible(whole)) return;
      const { seen, cut } = clipped(element, whole);
      // A measure that has no room is left out whole; a control never is.
      const leftOut = !visible(seen) && !element.matches(CONTROLS);
      if (cut !== null && !leftOut)
        faults.push(`${what} is cut off (${round(whole)}) by <${cut.tagName} ${cut.className}>`);
      if (visible(seen)) items.push({ element, what, whole, seen });
    }

    for (const element of document.querySelectorAll(CONTROLS))
      if (shown(element))
        add(element, `“${words(element)}” (${element.tagName})`, element.getBoundingClientRect());

    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement!;
      const text = (node.textContent ?? '').trim();
      if (text === '' || !shown(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) {
        add(element, `text “${text.slice(0, 50)}”`, line);
        const control = element.closest(CONTROLS);
        if (control === null) continue;
        const { seen } = clipped(element, line);
        if (visible(seen) && sticksOut(seen, control.getBoundingClientRect()))
          faults.push(`text “${text.slice(0, 50)}” sticks out of its control (${round(line)})`);
      }
      const short = element.closest<HTMLElement>('.truncate');
      if (short !== null && short.scrollWidth > short.clientWidth + 1) {
        short.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
        const told = short.closest('[title]')?.getAttribute('title') ?? '';
        if (!told.includes(text))
          faults.push(`text “${text.slice(0, 50)}” is shortened, and no title tells the rest`);
      }
    }

    const layerOf = (element: Element) => element.closest(LAYERS);
    for (const [i, a] of items.entries())
      for (const b of items.slice(i + 1)) {
        if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
        if (layerOf(a.element) !== layerOf(b.element)) continue;
        const both = meet(a.seen, b.seen);
        if (visible(both)) faults.push(`${a.what} and ${b.what} lie over each other at ${round(both)}`);
      }
    return [...new Set(faults)];
  });
}
