// What every keeper of workspaces promises. Run on each implementation.
import type { ShellEnd, WorkspaceId } from '@codesync/protocol';
import { roomId, Watch, workspaceId } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import type { WorkspaceListener, Workspaces } from '../../src/ports.ts';

const SIZE = { cols: 80, rows: 24 };

/** A workspace as whoever opened it hears of it. */
class Heard implements WorkspaceListener {
  readonly id: WorkspaceId;
  readonly texts = new Map<number, string>();
  readonly ends = new Map<number, ShellEnd>();
  readonly messages: string[] = [];
  ready = false;
  readonly #bytes = new Map<number, number>();
  readonly #watch = new Watch();

  constructor(id: WorkspaceId) {
    this.id = id;
  }

  readonly phase: WorkspaceListener['phase'] = ({ kind }) => {
    this.ready = kind === 'ready';
    this.#watch.changed();
  };

  readonly output: WorkspaceListener['output'] = (terminal, from, bytes) => {
    expect(this.messages, 'output after the end').toEqual([]);
    expect(this.ends.has(terminal), 'output after the end of its terminal').toBe(false);
    expect(from).toBe(this.#bytes.get(terminal) ?? 0);
    this.#bytes.set(terminal, from + bytes.length);
    this.texts.set(terminal, (this.texts.get(terminal) ?? '') + Buffer.from(bytes).toString());
    this.#watch.changed();
  };

  readonly terminalEnded: WorkspaceListener['terminalEnded'] = (terminal, end) => {
    expect(this.ends.has(terminal), 'a second end').toBe(false);
    this.ends.set(terminal, end);
    this.#watch.changed();
  };

  readonly ended: WorkspaceListener['ended'] = (message) => {
    this.messages.push(message);
    this.#watch.changed();
  };

  until(condition: () => boolean): Promise<void> {
    return this.#watch.until(condition);
  }

  untilText(terminal: number, text: string): Promise<void> {
    return this.until(() => this.texts.get(terminal)?.includes(text) ?? false);
  }
}

export function workspacesContract(name: string, workspaces: () => Workspaces): void {
  let count = 0;
  const open = (): Heard => {
    const heard = new Heard(workspaceId(`contract-${name.replace(/\W/g, '-')}-${++count}`.slice(0, 22)));
    const request = { workspace: heard.id, room: roomId('the-room-of-a-contract'), network: '203.0.113.1' };
    workspaces().open(request, heard);
    return heard;
  };
  const type = (heard: Heard, terminal: number, text: string) =>
    workspaces().type(heard.id, terminal, Buffer.from(text));

  test(`workspaces ${name}: a shell shows a prompt, what is typed, and its end with its code, once`, async () => {
    const heard = open();
    workspaces().openTerminal(heard.id, 1, SIZE);
    await heard.untilText(1, '$ ');
    expect(heard.ready).toBe(true);
    type(heard, 1, 'exit 3\r');
    await heard.until(() => heard.ends.has(1));
    expect(heard.texts.get(1)).toContain('exit 3');
    expect(heard.ends.get(1)).toEqual({ exitCode: 3, signal: null });
    type(heard, 1, 'too late');
    workspaces().close(heard.id);
    await heard.until(() => heard.messages.length > 0);
    expect(heard.messages).toHaveLength(1);
  });

  test(`workspaces ${name}: terminals keep apart, and end before their workspace does`, async () => {
    const heard = open();
    for (const terminal of [7, 9]) workspaces().openTerminal(heard.id, terminal, SIZE);
    for (const terminal of [7, 9]) await heard.untilText(terminal, '$ ');
    type(heard, 7, 'seven');
    type(heard, 9, 'nine');
    await heard.untilText(7, 'seven');
    await heard.untilText(9, 'nine');
    expect(heard.texts.get(7)).not.toContain('nine');
    workspaces().closeTerminal(heard.id, 7);
    await heard.until(() => heard.ends.has(7));
    expect(heard.ends.has(9)).toBe(false);
    workspaces().close(heard.id);
    await heard.until(() => heard.messages.length > 0);
    expect([...heard.ends.keys()]).toEqual([7, 9]);
    expect(heard.messages[0]).toMatch(/^[A-Z].*\.$/);
  });

  test(`workspaces ${name}: what is unknown or over is left alone`, async () => {
    const nobody = workspaceId('contract-nobody');
    workspaces().openTerminal(nobody, 1, SIZE);
    workspaces().type(nobody, 1, Buffer.from('x'));
    workspaces().resize(nobody, 1, SIZE);
    workspaces().read(nobody, 1, 5);
    workspaces().closeTerminal(nobody, 1);
    workspaces().close(nobody);
    const heard = open();
    workspaces().close(heard.id);
    workspaces().close(heard.id);
    await heard.until(() => heard.messages.length > 0);
    const after = open();
    workspaces().openTerminal(after.id, 1, SIZE);
    await after.untilText(1, '$ ');
    expect(heard.messages).toHaveLength(1);
    workspaces().close(after.id);
  });
}
