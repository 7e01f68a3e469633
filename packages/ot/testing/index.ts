/** What tests and the bench of every workspace need; the product never imports it. */
export * from './random.ts';
