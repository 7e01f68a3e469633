import { runId, settle } from '@codesync/protocol/testing';
import { describe, expect, it } from 'vitest';
import { FILE } from './support/fake-server.ts';
import { Stage } from './support/stage.ts';

describe('a room on this device', () => {
  it('opens without the server, with what was not saved, and saves it when the server is back', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.kill();
    ann.type(5, 0, ' off');
    ann.type(9, 0, 'line');
    expect(ann.source.unsaved()).toBe(2);
    await stage.written();
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(again.source.view()).toMatchObject({ ready: true, you: { name: 'Person 1', role: 'editor' } });
    expect(again.client).toBe(ann.client);
    expect(again.text()).toBe('hello offline');
    expect(again.source.view().save).toMatchObject({ kind: 'local', kept: true });
    again.type(0, 0, 'still ');
    expect(again.source.unsaved()).toBe(3);
    stage.server.start();
    await stage.quiet(9_000);
    expect(stage.server.text()).toBe('still hello offline');
    expect(again.source.unsaved()).toBe(0);
    expect(again.source.view().save).toEqual({ kind: 'saved' });
  });

  it('is written as the page goes away, even when nothing asynchronous ends any more', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.kill();
    ann.type(0, 0, 'a');
    await settle(1);
    ann.type(1, 0, 'b');
    ann.page.hide();
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(again.text()).toBe('abhello');
    stage.server.start();
    await stage.quiet(9_000);
    expect(stage.server.text()).toBe('abhello');
  });

  it('is written as the page goes away, with what the others did since the last write', async () => {
    const stage = new Stage();
    const [ann, bob] = [await stage.join(1), await stage.join(2)];
    await stage.quiet(3_000);
    bob.source.document(FILE);
    ann.source.document(FILE);
    bob.type(0, 0, 'bob ');
    for (let i = 0; i < 4; i++) {
      await settle();
      stage.server.deliverAll();
    }
    expect(ann.text()).toBe('bob hello');
    stage.server.kill();
    ann.type(9, 0, '!');
    ann.page.hide();
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(again.text()).toBe('bob hello!');
  });

  it('is written as a page goes away that had only just opened it', async () => {
    const stage = new Stage();
    const ann = stage.browser(1).open();
    for (let i = 0; i < 3; i++) {
      await settle();
      stage.server.deliverAll();
    }
    ann.source.document(FILE);
    ann.type(0, 0, 'quick ');
    ann.page.hide();
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(again.text()).toBe('quick hello');
    await stage.quiet(3_000);
    expect(stage.server.text()).toBe('quick hello');
  });

  it('has the output of runs again after a reload, which the device does not keep', async () => {
    const stage = new Stage();
    stage.server.append({
      kind: 'run.started',
      run: runId('run-run-1'),
      language: 'python',
      entry: FILE,
      files: [],
    });
    stage.server.append({ kind: 'run.output', run: runId('run-run-1'), stream: 'stdout', text: 'out' });
    const ann = await stage.join(1);
    stage.server.append({ kind: 'run.output', run: runId('run-run-1'), stream: 'stdout', text: 'put' });
    await stage.quiet(3_000);
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(again.source.view().room.runs.get(runId('run-run-1'))?.output).toEqual([]);
    await stage.quiet();
    expect(again.source.view().room.runs.get(runId('run-run-1'))?.output).toEqual([
      { stream: 'stdout', text: 'output' },
    ]);
  });

  it('keeps a small tail of events and makes a new keyframe when it has become long', async () => {
    const stage = new Stage('');
    const ann = await stage.join(1);
    for (let i = 0; i < 700; i++)
      stage.server.append({ kind: 'edit', file: FILE, version: i + 1, op: ['x'] });
    await stage.quiet(3_000);
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await settle();
    expect(again.text()).toBe('x'.repeat(700));
  });
});

describe('leaving', () => {
  it('writes down what is pending and sets the client free for the next visit', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.kill();
    ann.type(0, 0, 'a');
    ann.source.close();
    await stage.written();
    const again = ann.browser.open(new Map());
    await settle();
    expect(again.client).toBe(ann.client);
    expect(again.text()).toBe('ahello');
  });

  it('is what a closed document does quietly', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const document = ann.source.document(FILE)!;
    stage.server.append({ kind: 'file.deleted', file: FILE });
    await stage.quiet();
    document.edit(['late'], false);
    expect(document.undo()).toBeNull();
    expect(document.remoteCursors()).toEqual([]);
  });
});
