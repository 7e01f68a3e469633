// Before the page goes away, or another takes its place: whoever would lose what they typed is asked first.

const QUESTION =
  'What you typed last is neither at the server nor on this device, and would be lost. Leave all the same?';

let isUnsafe: () => boolean = () => false;

/** From now on leaving asks first while `unsafe` says so. Returns the way to stop it. */
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

/** Whether to go to another place of the page; asks where that would lose something. */
export function mayLeave(): boolean {
  return !isUnsafe() || window.confirm(QUESTION);
}
