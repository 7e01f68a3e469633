"""
A network in this process: each packet that one of its devices sends is held for as long as the lines of its source and of
its destination are, and then comes to the device of its destination. IPv4 alone. The devices may be moved to other
network namespaces.

    held.py DEVICE=ADDRESS=MILLISECONDS…

Prints `ready` when the devices are there, and takes them away when its standard input ends.
"""

import fcntl
import heapq
import os
import select
import signal
import struct
import sys
import time

# <linux/if_tun.h>
TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000

LARGEST_PACKET = 65_536
# Packets that are taken from one device before the others have their turn.
TURN = 64

# A terminal's Ctrl-C is for whoever started this, who may need the network to end well.
signal.signal(signal.SIGINT, signal.SIG_IGN)

# By address: its device, and the seconds that its line takes.
line_of = {}
for place in sys.argv[1:]:
    name, address, ms = place.split("=")
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    line_of[bytes(int(part) for part in address.split("."))] = (device, float(ms) / 1000)
print("ready", flush=True)

stdin = sys.stdin.fileno()
devices = [device for device, _ in line_of.values()]
# By when they are due; of those that are due at once, the first one to come is the first one to go.
held = []
count = 0


def take(device):
    global count
    try:
        for _ in range(TURN):
            packet = os.read(device, LARGEST_PACKET)
            source, target = line_of.get(packet[12:16]), line_of.get(packet[16:20])
            if packet[0] >> 4 != 4 or source is None or target is None:
                continue
            count += 1
            heapq.heappush(held, (time.monotonic() + source[1] + target[1], count, target[0], packet))
    except OSError:
        # Nothing more has come, or the device is down.
        pass


def give():
    while held and held[0][0] <= time.monotonic():
        _, _, device, packet = heapq.heappop(held)
        try:
            os.write(device, packet)
        except OSError:
            # What comes to a device that is down is lost.
            pass


while True:
    wait = max(0, held[0][0] - time.monotonic()) if held else None
    ready, _, _ = select.select([stdin, *devices], [], [], wait)
    if stdin in ready:
        break
    give()
    for device in ready:
        take(device)
