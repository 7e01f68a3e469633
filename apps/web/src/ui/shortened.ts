// Text that has no room is shortened with an ellipsis; pointing at it tells all of it.

const SHORTENED = '.truncate';

/** The titles that were set here, and may be taken away here. */
const told = new WeakSet<HTMLElement>();

/** From the call on, a shortened text has its whole text as its title while the pointer is on it. */
export function tellShortened(page: Document): void {
  page.addEventListener('mouseover', ({ target }) => {
    const text = target instanceof Element ? target.closest<HTMLElement>(SHORTENED) : null;
    if (text === null || (text.title !== '' && !told.has(text))) return;
    const whole = text.textContent ?? '';
    const fits = text.scrollWidth <= text.clientWidth;
    // Something around it may have a title that says more.
    const around = text.parentElement?.closest('[title]')?.getAttribute('title') ?? '';
    if (fits || around.includes(whole)) {
      if (told.delete(text)) text.removeAttribute('title');
    } else {
      text.title = whole;
      told.add(text);
    }
  });
}
