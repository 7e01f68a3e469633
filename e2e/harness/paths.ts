import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Pictures of pages whose test failed; ignored by git. */
export const FAILURES = path.join(ROOT, '.cache/e2e-failures');
