/*
 * Holds a Node that was started ahead of its script. Node loads this before it opens the script. With
 * CODESYNC_HOLD set to a descriptor, it says so there with one byte, waits for the script's folder, name, arguments
 * and environment, and puts them in the place of those that Node was started with. A bound function leaves
 * no frame in a stack trace.
 */
'use strict';

const channel = Number(process.env.CODESYNC_HOLD);
delete process.env.CODESYNC_HOLD;
if (channel) {
  const fs = require('node:fs');
  const Module = require('node:module');
  const path = require('node:path');
  const readline = require('node:readline');

  // What nearly every program needs first is loaded ahead: the output streams, and Node's own loader for ES
  // modules, which a promise that needs no input or output brings up.
  process.stdout;
  process.stderr;
  require('node:fs/promises');
  let loaded = false;
  import('data:text/javascript,0').then(() => {
    loaded = true;
  });
  for (let turn = 0; turn < 50 && !loaded; turn++) process._tickCallback();

  // An interface whose loop over its lines was left reads on, and keeps Node waiting for a line that nobody is there to
  // take. A later question takes up the reading again.
  const shared = Object.getPrototypeOf(readline.Interface.prototype);
  const linesOf = shared[Symbol.asyncIterator];
  const known = new WeakSet();
  shared[Symbol.asyncIterator] = function () {
    const lines = linesOf.call(this);
    if (known.has(lines)) return lines;
    known.add(lines);
    const leave = lines.return;
    lines.return = () => {
      const left = leave.call(lines);
      if (!this.closed && this.listenerCount('line') === 0) this.pause();
      return left;
    };
    return lines;
  };

  fs.writeSync(channel, 'r');
  const parts = [];
  const part = Buffer.alloc(65536);
  for (let n = fs.readSync(channel, part); n > 0; n = fs.readSync(channel, part)) {
    parts.push(Buffer.from(part.subarray(0, n)));
  }
  fs.closeSync(channel);
  if (parts.length === 0) process.exit(0);
  const [folder, entry, count, ...rest] = Buffer.concat(parts).toString().split('\0').slice(0, -1);
  process.chdir(folder);
  const script = path.resolve(entry);
  process.argv = [process.execPath, script, ...rest.slice(0, Number(count))];
  process.execArgv = [];
  for (const variable of rest.slice(Number(count))) {
    const equals = variable.indexOf('=');
    process.env[variable.slice(0, equals)] = variable.slice(equals + 1);
  }
  Module.runMain = Module.runMain.bind(Module, script);
}
