/** What stands over the code that the editor itself draws: whether it is dressed as the page is, and what it covers. */
import type { Page } from 'playwright-core';

/** Of ours, and never to be covered by it. */
const OURS = ['header', 'footer', '[role=tree]', 'nav[aria-label="Open files"]', '[role=status]:has(button)'];

/** What is wrong with the surface that is found there; nothing, when it looks like the page's own. */
export function faultsOfSurface(page: Page, selector: string): Promise<string[]> {
  return page
    .locator(selector)
    .first()
    .evaluate(
      async (surface, { ours, name }) => {
        await Promise.all(surface.getAnimations().map(({ finished }) => finished.catch(() => undefined)));
        const faults: string[] = [];
        const root = getComputedStyle(document.documentElement);
        const shown = (colour: string): string => {
          const canvas = document.createElement('canvas').getContext('2d')!;
          canvas.fillStyle = colour;
          canvas.fillRect(0, 0, 1, 1);
          return canvas.getImageData(0, 0, 1, 1).data.join();
        };
        const tokens = [0, 1, 2, 3].map((at) => shown(root.getPropertyValue(`--surface-${at}`)));
        const behind = [surface, ...surface.querySelectorAll('*')].map((part) => getComputedStyle(part));
        const drawn = behind.find(({ backgroundColor }) => shown(backgroundColor).endsWith(',255'));
        if (drawn === undefined || !tokens.includes(shown(drawn.backgroundColor)))
          faults.push(`${name}: its background is no surface of the page`);
        for (const part of surface.querySelectorAll<HTMLElement>('*')) {
          const own = [...part.childNodes].some(
            ({ nodeType, textContent }) => nodeType === 3 && textContent?.trim(),
          );
          const { fontFamily } = getComputedStyle(part);
          if (own && !/^"?(Inter|JetBrains Mono) Variable|^codicon/.test(fontFamily))
            faults.push(`${name}: “${part.textContent?.trim().slice(0, 30)}” is in ${fontFamily}`);
        }
        const box = surface.getBoundingClientRect();
        if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight)
          faults.push(`${name}: it reaches out of the window`);
        for (const each of ours) {
          for (const element of document.querySelectorAll(each)) {
            const other = element.getBoundingClientRect();
            const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
            const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
            if (across > 1 && down > 1) faults.push(`${name}: it covers ${each}`);
          }
        }
        return [...new Set(faults)];
      },
      { ours: OURS, name: selector },
    );
}

/** The sizes that the editor's style sheets are made of and that nobody has defined. */
export function undefinedSizes(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const sizes =
      /var\((--vscode-(?:cornerRadius|shadow|strokeThickness|spacing|fontSize|bodyFontSize)[\w-]*)\)/g;
    const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
    const used = new Set(
      rules.flatMap(({ cssText }) => [...cssText.matchAll(sizes)].map(([, size]) => size!)),
    );
    const style = getComputedStyle(document.querySelector('[role=code]')!);
    if (used.size === 0) return ['none is used: this check proves nothing'];
    return [...used].filter((size) => style.getPropertyValue(size) === '');
  });
}
