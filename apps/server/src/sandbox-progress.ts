import type { SandboxStatus } from '@codesync/protocol';

/** Percent between two lines about one step. */
const EVERY = 10;

/** A sentence on the terminal for what a person at the server wants to know of the sandbox; null for nothing new. */
export function sandboxLine(status: SandboxStatus, before: SandboxStatus | null): string | null {
  switch (status.state) {
    case 'starting':
      return null;
    case 'preparing': {
      const known = before?.state === 'preparing' && before.step === status.step ? before.percent : null;
      if (known !== null && Math.floor(status.percent / EVERY) <= Math.floor(known / EVERY)) return null;
      return `Preparing the sandbox: ${status.step} (${Math.floor(status.percent)} %)`;
    }
    case 'ready':
      return before?.state === 'ready' ? null : 'The sandbox is ready: code can be run.';
    case 'off':
      if (before?.state === 'off' && before.reason === status.reason) return null;
      return `Code cannot be run: ${status.reason} ${status.mend}`;
  }
}

/** Says on the terminal how the sandbox comes along. */
export function announceSandbox(
  source: { onSandbox(listener: (status: SandboxStatus) => void): void },
  say: (line: string) => void,
): void {
  let before: SandboxStatus | null = null;
  source.onSandbox((status) => {
    const line = sandboxLine(status, before);
    if (line === null && before?.state === 'preparing' && status.state === 'preparing') return;
    before = status;
    if (line !== null) say(line);
  });
}
