import { LIMITS, refusal } from '@codesync/protocol';
import { describe, expect, it } from 'vitest';
import { FILE } from './support/fake-server.ts';
import { edits, Stage } from './support/stage.ts';
import { person } from './support/tab.ts';

describe('an edit that the room does not take', () => {
  it('because its author may only view now: is taken back, with all that followed, and kept in a notice', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    ann.type(0, 0, 'mine ');
    stage.server.setRole(person(1), 'viewer');
    ann.type(5, 0, 'too ');
    await stage.quiet();
    expect(ann.text()).toBe('hello');
    expect(ann.source.view().you?.role).toBe('viewer');
    expect(ann.source.view().save.kind).toBe('saved');
    expect(ann.source.view().notices).toMatchObject([
      { error: { code: 'role.viewer' }, path: 'main.py', typed: 'mine too ', text: 'mine too hello' },
    ]);
  });

  it('because it is too large: is taken back alone, and what followed stays', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    stage.server.refuse = ({ body }) =>
      body.kind === 'edit' && body.op.some((part) => typeof part === 'string' && part.length > 100)
        ? 'file.tooLarge'
        : null;
    const large = 'x'.repeat(101);
    ann.type(0, 0, large);
    ann.type(106, 0, '!');
    await stage.quiet();
    expect(ann.text()).toBe('hello!');
    expect(stage.server.text()).toBe('hello!');
    expect(ann.source.view().notices).toMatchObject([{ error: { code: 'file.tooLarge' }, typed: large }]);
  });

  it('because no message could carry it: is taken back without being sent', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    const huge = 'x'.repeat(LIMITS.fileUnits + 1);
    ann.type(0, 0, huge);
    ann.type(huge.length + 5, 0, '!');
    await stage.quiet();
    expect(ann.text()).toBe('hello!');
    expect(stage.server.text()).toBe('hello!');
    expect(edits(stage)).toHaveLength(1);
    expect(ann.source.view().notices).toMatchObject([{ error: { code: 'file.tooLarge' }, typed: huge }]);
  });

  it('because there were too many: waits and goes again', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    let refusals = 2;
    stage.server.refuse = () => (refusals-- > 0 ? 'rate.exceeded' : null);
    ann.type(0, 0, 'x');
    await stage.quiet(6_000);
    expect(stage.server.text()).toBe('xhello');
    expect(ann.source.view().notices).toEqual([]);
  });

  it('because the file is gone: is kept in a notice, through a reload, until it was seen', async () => {
    const stage = new Stage();
    const ann = await stage.join(1);
    ann.type(5, 0, ' unsaved');
    stage.server.append({ kind: 'file.deleted', file: FILE });
    await stage.quiet();
    expect(ann.source.document(FILE)).toBeNull();
    await stage.written();
    ann.crash();
    const again = ann.browser.open(ann.memory);
    await stage.quiet();
    const [notice] = again.source.view().notices;
    expect(notice).toMatchObject({ path: 'main.py', typed: ' unsaved', text: 'hello unsaved' });
    again.source.dismissNotice(notice!.id);
    expect(again.source.view().notices).toEqual([]);
    await stage.written();
    again.crash();
    const third = again.browser.open(again.memory);
    await stage.quiet();
    expect(third.source.view().notices).toEqual([]);
  });
});

describe('the end of a visit', () => {
  it('leaves what was not saved in a notice and in the record, once, however often one comes back', async () => {
    const stage = new Stage();
    let tab = await stage.join(1);
    stage.server.kill();
    tab.type(5, 0, ' unsaved');
    await stage.written();
    stage.server.refuseJoin = refusal('room.removed');
    stage.server.start();
    for (let visit = 0; visit < 3; visit++) {
      await stage.quiet(20_000);
      expect(tab.source.view().connection).toEqual({ kind: 'closed', error: refusal('room.removed') });
      expect(tab.source.view().notices).toMatchObject([{ typed: ' unsaved', text: 'hello unsaved' }]);
      tab.crash();
      tab = tab.browser.open(tab.memory);
    }
    stage.server.refuseJoin = null;
    await stage.quiet(3_000);
    expect(stage.server.text()).toBe('hello unsaved');
  });
});
