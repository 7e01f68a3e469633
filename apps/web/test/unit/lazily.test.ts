import { createElement, Suspense } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { lazily } from '../../src/ui/lazily.tsx';

const Name = ({ name }: { name: string }) => createElement('b', null, name);

function drawn(component: ReturnType<typeof lazily<{ name: string }>>): string {
  const waiting = createElement('i', null, 'waiting');
  return renderToString(
    createElement(Suspense, { fallback: waiting }, createElement(component, { name: 'Ada' })),
  );
}

test('is drawn at once where its code is there, and waits for it elsewhere', async () => {
  const component = lazily(async () => Name);
  expect(drawn(component)).toContain('waiting');
  await component.preload();
  expect(drawn(component)).toContain('<b>Ada</b>');
  expect(drawn(component)).not.toContain('waiting');
});

test('is fetched once, and once more after a failure', async () => {
  let fetched = 0;
  const component = lazily(async () => {
    fetched++;
    if (fetched === 1) throw new Error('away');
    return Name;
  });
  await expect(component.preload()).rejects.toThrow('away');
  await Promise.all([component.preload(), component.preload()]);
  expect(fetched).toBe(2);
  expect(drawn(component)).toContain('<b>Ada</b>');
});
