"""Programs on pseudo-terminals of this machine, typed into and read with nothing between.

Started with how many there are and the program of each. Takes an order a line, and answers each by a line of JSON.
Times are milliseconds; `shows` is a regular expression for what each of them writes from then on.

  {"do": "keys", "count": n, "gapMs": ms}    types into the first: for each key [its own echo, the last other's]
  {"do": "enter", "text": t, "shows": r}     types into the first, until all have shown it: [the first, the last]
  {"do": "attach", "shows": r}               one more terminal, until it has shown it
  {"do": "wait", "shows": r}                 until all have shown it
"""
import fcntl, json, os, pty, re, select, struct, sys, termios, time

COLUMNS, ROWS = 120, 16
# What is looked for is at the end of what a terminal wrote.
KEPT = 4096
PATIENCE = 300

program = sys.argv[2:]
terminals = []


def spawn():
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(program[0], program)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    terminals.append(fd)
    return fd


def until(fds, shows):
    """When each of them had shown it, by time.perf_counter. All others are read too."""
    tails = {fd: b"" for fd in fds}
    found = {}
    deadline = time.perf_counter() + PATIENCE
    while len(found) < len(fds):
        if time.perf_counter() > deadline:
            raise TimeoutError(f"{shows.pattern}: {tails}")
        for fd in select.select(terminals, [], [], 1)[0]:
            read = os.read(fd, 65536)
            if fd not in tails or fd in found:
                continue
            tails[fd] = (tails[fd] + read)[-KEPT:]
            if shows.search(tails[fd]):
                found[fd] = time.perf_counter()
    return [found[fd] for fd in fds]


def drain(seconds):
    deadline = time.perf_counter() + seconds
    while (left := deadline - time.perf_counter()) > 0:
        for fd in select.select(terminals, [], [], left)[0]:
            os.read(fd, 65536)


def keys(count, gapMs):
    took = []
    for _ in range(count):
        began = time.perf_counter()
        os.write(terminals[0], b"Q")
        at = [(each - began) * 1000 for each in until(terminals, re.compile(b"Q"))]
        took.append([at[0], max(at)])
        drain(gapMs / 1000)
    return took


def enter(text, shows):
    began = time.perf_counter()
    os.write(terminals[0], text.encode())
    at = [(each - began) * 1000 for each in until(terminals, shows)]
    return [at[0], max(at)]


def attach(shows):
    began = time.perf_counter()
    fd = spawn()
    took = (until([fd], shows)[0] - began) * 1000
    os.close(fd)
    terminals.remove(fd)
    return took


for _ in range(int(sys.argv[1])):
    spawn()
for line in sys.stdin:
    order = json.loads(line)
    shows = re.compile(order["shows"].encode(), re.DOTALL) if "shows" in order else None
    if order["do"] == "keys":
        answer = keys(order["count"], order["gapMs"])
    elif order["do"] == "enter":
        answer = enter(order["text"], shows)
    elif order["do"] == "attach":
        answer = attach(shows)
    else:
        until(terminals, shows)
        answer = None
    print(json.dumps(answer), flush=True)
