/**
 * How much of a page React draws anew: it counts the components that were called, as React's developer tools do, for
 * which React keeps a hook and a mark also in a build for production. To be set up before the page is loaded.
 */
import type { BrowserContext, Page } from 'playwright-core';

export class ReactWork {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async of(context: BrowserContext, page: Page): Promise<ReactWork> {
    await context.addInitScript(() => {
      type Fiber = {
        readonly tag: number;
        readonly flags: number;
        readonly child: Fiber | null;
        readonly sibling: Fiber | null;
        readonly alternate: Fiber | null;
      };
      const PERFORMED_WORK = 1;
      /** Functions, also in `memo` and `forwardRef`. */
      const COMPONENTS = [0, 11, 14, 15];
      const count = (fiber: Fiber | null): number => {
        let called = 0;
        for (let each = fiber; each !== null; each = each.sibling) {
          const before = each.alternate;
          if (COMPONENTS.includes(each.tag) && (each.flags & PERFORMED_WORK) !== 0 && before !== each)
            called++;
          if (before === null || before.child !== each.child) called += count(each.child);
        }
        return called;
      };
      const work = { called: 0 };
      Object.assign(globalThis, {
        reactWork: work,
        __REACT_DEVTOOLS_GLOBAL_HOOK__: {
          supportsFiber: true,
          inject: () => 1,
          onCommitFiberUnmount: () => {},
          onCommitFiberRoot: (_id: number, root: { readonly current: Fiber }) => {
            work.called += count(root.current.child);
          },
        },
      });
    });
    return new ReactWork(page);
  }

  /** How many components were called since the page was loaded. */
  async called(): Promise<number> {
    return this.#page.evaluate(
      () => (globalThis as unknown as { reactWork: { called: number } }).reactWork.called,
    );
  }
}
