// Whoever would lose what they typed is asked before the page goes away, or gives way to another.

const QUESTION =
  'What you typed last is neither at the server nor on this device, and would be lost. Leave all the same?';

let isUnsafe: () => boolean = () => false;

/** From the call on, leaving asks first while `unsafe` says so. Returns the way to stop it. */
export function askBeforeLeaving(unsafe: () => boolean): () => void {
  isUnsafe = unsafe;
  const onUnload = (event: BeforeUnloadEvent) => {
    if (unsafe()) event.preventDefault();
  };
  window.addEventListener('beforeunload', onUnload);
  return () => {
    window.removeEventListener('beforeunload', onUnload);
    if (isUnsafe === unsafe) isUnsafe = () => false;
  };
}

/** Whether to go to another place of the page. It asks if that would lose something. */
export function mayLeave(): boolean {
  return !isUnsafe() || window.confirm(QUESTION);
}
