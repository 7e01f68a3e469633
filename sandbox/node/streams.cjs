/*
 * Makes Node's standard streams, where they are the run's own, behave as they do in a terminal. Every Node of a
 * sandbox loads this ahead of its program, by NODE_OPTIONS.
 */
'use strict';

const fs = require('node:fs');

const held = process.env.CODESYNC_HOLD !== undefined;

/** Whether a descriptor leads to the agent: no pipe that a program makes is in packet mode. */
function isOfTheRun(descriptor) {
  if (held) return true;
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'));
    return (Number.parseInt(flags[1], 8) & fs.constants.O_DIRECT) !== 0;
  } catch {
    return false;
  }
}

/** Calls `adjust` with a stream of `process` when that is first asked for. */
function onFirstUse(name, adjust) {
  const property = Object.getOwnPropertyDescriptor(process, name);
  const get = property.get;
  property.get = () => {
    const stream = get.call(process);
    Object.defineProperty(process, name, { ...property, get });
    adjust(stream);
    return stream;
  };
  Object.defineProperty(process, name, property);
}

onFirstUse('stdin', (stdin) => {
  // Of a pipe, Node reads ahead although the program has paused it, and then waits for what does not come. Of a
  // terminal it reads what is asked for.
  if (stdin._handle) stdin._readableState.highWaterMark = 0;
});
for (const [descriptor, name] of [
  [1, 'stdout'],
  [2, 'stderr'],
]) {
  onFirstUse(name, (stream) => {
    // What waits for a pipe that takes no more is lost at process.exit.
    if (stream._handle?.setBlocking && isOfTheRun(descriptor)) stream._handle.setBlocking(true);
  });
}
