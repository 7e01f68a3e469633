// What is said of terminals. Pure.
import type { SandboxStatus, ShellEnd, ShellPhase } from '@codesync/protocol';

/** Why a shell says nothing yet, or what has happened around it; null when it runs as ever. */
export function phaseWords(phase: ShellPhase): string | null {
  switch (phase.kind) {
    case 'running':
      return phase.note ?? null;
    case 'starting':
      return 'Starting the shell…';
    case 'queued':
      return phase.position === 1
        ? 'All workspaces of this server are in use. Yours is next.'
        : `All workspaces of this server are in use. Yours is number ${phase.position} in the queue.`;
  }
}

/** How a shell ended. */
export function endWords({ exitCode, signal, message }: ShellEnd): string {
  if (message !== undefined) return message;
  if (signal !== null) return `The shell was ended by ${signal}.`;
  return exitCode === null || exitCode === 0
    ? 'The shell has ended.'
    : `The shell has ended with exit code ${exitCode}.`;
}

/** Why no terminal can be opened now; null when one can. */
export function blockedWords(sandbox: SandboxStatus): string | null {
  switch (sandbox.state) {
    case 'ready':
      return null;
    case 'off':
      return `${sandbox.reason} ${sandbox.mend}`;
    case 'starting':
      return 'The sandbox is starting. Terminals open in a moment.';
    case 'preparing':
      return `The sandbox is being prepared (${Math.floor(sandbox.percent)} %). Terminals open when it is ready.`;
  }
}

/** The parts of a text that may be typed at once, without a character being cut. */
export function pieces(text: string, units: number): string[] {
  const all: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + units);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end--;
    all.push(text.slice(at, end));
    at = end;
  }
  return all;
}
