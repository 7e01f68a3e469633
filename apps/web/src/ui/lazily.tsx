import { type ComponentType, lazy, useState } from 'react';

/** A component whose code is fetched apart. It has to be drawn inside of a Suspense. */
export type Lazy<Props extends object> = ComponentType<Props> & {
  /** Fetches the code, once. Rejects where it cannot be fetched, and then tries anew when asked again. */
  readonly preload: () => Promise<void>;
};

/**
 * As `lazy` of React, but if the code is there by then it is drawn at once. React would show the fallback first, and
 * what replaces a fallback it holds back until 300 ms after it.
 */
export function lazily<Props extends object>(fetch: () => Promise<ComponentType<Props>>): Lazy<Props> {
  let there: ComponentType<Props> | null = null;
  let coming: Promise<ComponentType<Props>> | null = null;
  const get = () => {
    coming ??= fetch().then(
      (component) => {
        there = component;
        return component;
      },
      (error: unknown) => {
        coming = null;
        throw error;
      },
    );
    return coming;
  };
  const Later = lazy(async () => ({ default: await get() }));
  function Lazily(props: Props) {
    const [Shown] = useState<ComponentType<Props>>(() => there ?? Later);
    return <Shown {...props} />;
  }
  return Object.assign(Lazily, {
    preload: async () => {
      await get();
    },
  });
}
