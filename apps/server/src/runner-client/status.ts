import { Language, type RunnerStatus, type SandboxFacts, type SandboxStatus } from '@codesync/protocol';

/** What the page is told of the runner's own status. */
export function sandboxStatus(status: RunnerStatus): SandboxStatus {
  switch (status.phase) {
    case 'starting':
      return { state: 'starting' };
    case 'installing':
      return { state: 'preparing', step: status.detail, percent: 0 };
    case 'preparing':
      return { state: 'preparing', step: status.step, percent: status.percent };
    case 'ready': {
      const pools = Language.options.map((language) => [language, status.pools[language]] as const);
      return {
        state: 'ready',
        warm: Object.fromEntries(pools.map(([language, pool]) => [language, pool?.warm ?? 0])),
        busy: pools.reduce((sum, [, pool]) => sum + (pool?.busy ?? 0), 0),
      };
    }
    case 'absent':
    case 'failed':
      return { state: 'off', reason: status.reason, mend: status.mend };
  }
}

/** What a host may see of it besides; null while code cannot be run. */
export function sandboxFacts(status: RunnerStatus): SandboxFacts | null {
  if (status.phase !== 'ready') return null;
  const { pools, image, check } = status;
  return { pools, image, check };
}
