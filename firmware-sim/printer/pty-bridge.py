"""A serial line to a printer: a pseudo-terminal whose far end is a TCP port. Started by pty.ts with the port's number.

Says the terminal's path in one line, then obeys lines on stdin:
  stall 1|0   takes nothing from the host any more, or again
  say HEX     says these bytes to the host: noise
  lose N      loses the next N bytes of the printer: half a frame
It ends when stdin ends. That the printer is away (no connection) shows on a serial line as silence only.
"""

import os
import select
import socket
import sys
import time
import tty

PORT = int(sys.argv[1])
CHUNK_BYTES = 4096
AGAIN_S = 0.05

master, slave = os.openpty()
tty.setraw(slave)
os.set_blocking(master, False)
print(os.ttyname(slave), flush=True)

printer = None
tried = 0.0
to_printer = b""
to_host = b""
stalled = False
lose = 0
commands = b""


def obey(line):
    global stalled, lose, to_host
    word, _, rest = line.partition(" ")
    if word == "stall":
        stalled = rest == "1"
    elif word == "say":
        to_host += bytes.fromhex(rest)
    elif word == "lose":
        lose += int(rest)


def connected():
    """The printer's socket; tried again a moment after it was lost."""
    global printer, tried, to_printer
    if printer is None and time.monotonic() - tried > AGAIN_S:
        tried = time.monotonic()
        try:
            printer = socket.create_connection(("127.0.0.1", PORT), 1)
            printer.setblocking(False)
        except OSError:
            printer = None
    if printer is None:
        to_printer = b""
    return printer


def hung_up():
    global printer
    printer.close()
    printer = None


while True:
    line = connected()
    reads = [sys.stdin.fileno()]
    writes = []
    if not stalled and not to_printer:
        reads.append(master)
    if line is not None and not to_host:
        reads.append(line)
    if line is not None and to_printer:
        writes.append(line)
    if to_host:
        writes.append(master)
    readable, writable, _ = select.select(reads, writes, [], AGAIN_S)
    if sys.stdin.fileno() in readable:
        said = os.read(sys.stdin.fileno(), CHUNK_BYTES)
        if not said:
            sys.exit(0)
        *lines, commands = (commands + said).split(b"\n")
        for each in lines:
            obey(each.decode())
    if master in readable:
        to_printer += os.read(master, CHUNK_BYTES)
    if master in writable:
        to_host = to_host[os.write(master, to_host) :]
    try:
        if line is not None and line in readable:
            said = line.recv(CHUNK_BYTES)
            if not said:
                hung_up()
            lost = min(lose, len(said))
            lose -= lost
            to_host += said[lost:]
        if line is not None and line in writable:
            to_printer = to_printer[line.send(to_printer) :]
    except OSError:
        hung_up()
