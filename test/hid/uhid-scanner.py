"""HID devices made of nothing, by /dev/uhid (Linux, Documentation/hid/uhid.rst): told on standard input what to be.

plug ID | wedge ID      a scanner in HID-POS mode, or one that plays a keyboard; product id in hex
scan CODE               one report with a whole code
part CODE               one report of a code that goes on in the next
unplug
"""
import os
import struct
import sys

DESTROY, CREATE2, INPUT2 = 1, 11, 12
USB, VENDOR = 3, 0x0C2E
# Bar code scanner page, bar code scanner; report 2: 63 bytes, decoded data.
SCANNER = bytes.fromhex("058c0902a101850209 12a102150026ff00750895 3f09fe8102c0c0".replace(" ", ""))
KEYBOARD = bytes.fromhex("05010906a101050719e029e71500250175019508810295067508150025650507190029658100c0")

device = None


def create(product, descriptor):
    global device
    device = os.open("/dev/uhid", os.O_RDWR)
    numbers = struct.pack("<HHIIII", len(descriptor), USB, VENDOR, product, 1, 0)
    event = struct.pack("<I128s64s64s", CREATE2, b"test scanner", b"", b"") + numbers + descriptor
    os.write(device, event.ljust(4 + 276 + 4096, b"\0"))
    os.read(device, 8192)  # started


def send(code, more):
    report = bytes([2, len(code)]) + b"]E0" + code.ljust(56, b"\0") + b"\0\0" + bytes([more])
    os.write(device, struct.pack("<IH", INPUT2, len(report)) + report)


for line in sys.stdin:
    word, _, rest = line.strip().partition(" ")
    if word in ("plug", "wedge"):
        create(int(rest, 16), SCANNER if word == "plug" else KEYBOARD)
    elif word in ("scan", "part"):
        send(rest.encode(), word == "part")
    elif word == "unplug":
        os.write(device, struct.pack("<I", DESTROY))
        os.close(device)
    print("done", word, flush=True)
