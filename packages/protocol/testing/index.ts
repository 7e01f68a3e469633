/** What tests of every workspace need of the protocol; the product never imports it. */
export * from './hostile.ts';
export * from './ids.ts';
export * from './manual-clock.ts';
export * from './watch.ts';
