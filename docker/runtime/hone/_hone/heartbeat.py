"""Tells now and then that the process lives, and the most memory that the training has used."""

import os
import sys
import threading

from . import events

#: Newer kernels keep the peak of the whole container.
_PEAKS = ("/sys/fs/cgroup/memory.peak", "/sys/fs/cgroup/memory/memory.max_usage_in_bytes")


def start():
    every = float(os.environ.get("HONE_HEARTBEAT") or 10)
    if every <= 0:
        return
    thread = threading.Thread(target=_beat, args=(threading.Event(), every), name="hone", daemon=True)
    thread.start()


def _beat(never, every):
    while not never.wait(every):
        events.emit("heartbeat", memory=peak_memory())


def peak_memory():
    """Bytes; None where it cannot be told."""
    for path in _PEAKS:
        try:
            with open(path) as file:
                return int(file.read())
        except (OSError, ValueError):
            continue
    try:
        import resource

        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        # Kilobytes, except on a Mac.
        return own if sys.platform == "darwin" else own * 1024
    except Exception:
        return None
