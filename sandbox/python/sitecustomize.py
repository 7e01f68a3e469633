"""Holds an interpreter that was started ahead of its script.

Python imports this after its own start and before it opens the script. With CODESYNC_HOLD set to a
descriptor, it says so there with one byte, waits for the script's folder, name, arguments and environment, and
returns: the interpreter then runs that script by its usual path, with nothing of ours on the stack.
"""

import os
import sys


def _hold():
    channel = os.environ.pop("CODESYNC_HOLD", None)
    if channel is None:
        return
    import _codesync_hold

    channel = int(channel)
    # Lines appear as they are printed, as they do in a terminal.
    sys.stdout.reconfigure(line_buffering=True)
    os.write(channel, b"r")
    message = bytearray()
    while part := os.read(channel, 65536):
        message += part
    os.close(channel)
    if not message:
        os._exit(0)
    folder, entry, count, *rest = (os.fsdecode(field) for field in bytes(message).split(b"\0")[:-1])
    os.chdir(folder)
    argv = [entry, *rest[: int(count)]]
    for variable in rest[int(count) :]:
        name, _, value = variable.partition("=")
        os.environ[name] = value
    _codesync_hold.set_script(os.path.join(os.getcwd(), entry), argv)
    sys.argv[:] = argv
    sys.orig_argv[1:] = argv
    del sys.modules["_codesync_hold"]


_hold()
del _hold, os, sys
