/** `SEED=n` repeats the cases of properties that printed this seed. vitest.config.ts names this file for it. */
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.SEED) });
