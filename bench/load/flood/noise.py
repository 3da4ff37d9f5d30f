"""Prints 200,000 lines a second, one of them a metric, and at its end how many it could."""

import os
import sys
import time

RATE = 200_000
BLOCK = 2_000


def write(text):
    data = memoryview(text.encode())
    while data:
        data = data[os.write(1, data) :]


def flood(seconds):
    started = time.monotonic()
    printed = 0
    told = False
    while time.monotonic() - started < seconds:
        ahead = printed / RATE - (time.monotonic() - started)
        if ahead > 0:
            time.sleep(ahead)
        lines = range(printed, printed + BLOCK)
        write("".join(f"flood {n} of a training that prints too much, item {n % 97}\n" for n in lines))
        printed += BLOCK
        if not told and time.monotonic() - started > seconds / 2:
            told = True
            write("Test accuracy: 0.8765\n")
            printed += 1
    lasted = time.monotonic() - started
    write(f"flood over: {printed + 1} lines in {lasted:.3f} s\n")


if __name__ == "__main__":
    flood(float(sys.argv[1]))
