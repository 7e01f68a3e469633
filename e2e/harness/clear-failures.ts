import fs from 'node:fs';
import { FAILURES } from './paths.ts';

/** Runs once before all end-to-end tests: pictures of earlier failures would be taken for new ones. */
export default function clearFailures(): void {
  fs.rmSync(FAILURES, { recursive: true, force: true });
}
