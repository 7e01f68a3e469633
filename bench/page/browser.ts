/** A browser and its pages, as the harness of the end-to-end tests starts them. */
import type { launchWholeChromium } from '../../e2e/harness/chromium.ts';

export type Browser = Awaited<ReturnType<typeof launchWholeChromium>>;
type Context = Awaited<ReturnType<Browser['newContext']>>;
export type Page = Awaited<ReturnType<Context['newPage']>>;
/** Of the protocol of Chromium's own tools. */
export type CDPSession = Awaited<ReturnType<Context['newCDPSession']>>;
