"""What the script printed: how many lines, so that the server can tell whether a log has them all, and the last of them, where
the server finds those that an engine lost, which died while it was to write them down."""

import os
import sys
import threading
import time

from . import events

#: Of each of the two files; the older one is thrown away when the newer one is full.
MAX_BYTES = 256 * 1024
#: Of one line, such as that of a progress bar.
MAX_LINE = 64 * 1024

_lines = 0
_keeper = None
#: The last one that was written as a date, which takes longer than all the rest.
_second = (0, "")


def listen():
    global _keeper
    _keeper = _open()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            _hear(stream)


def lines():
    """Of this process alone, and never more than it printed."""
    return _lines


def _hear(stream):
    write = stream.write
    begun = []

    def heard(text):
        global _lines
        ends = text.count("\n")
        # Before the engine can have seen it.
        at = _now() if ends else None
        length = write(text)
        _lines += ends
        if _keeper is not None:
            _keep(begun, text, at)
        return length

    heard.__doc__ = write.__doc__
    try:
        stream.write = heard
    except AttributeError:
        # One that has no room for it, put there by somebody's site: its lines are not heard.
        pass


def _keep(begun, text, at):
    """Keeps whole lines as the log has them: the time of their end, a space, their text. Forked children keep none."""
    global _keeper
    try:
        if os.getpid() != _keeper.process:
            return
        if at is None:
            begun.append(text)
            if len(begun) > 1000:
                begun[:] = ["".join(begun)[-MAX_LINE:]]
            return
        if begun:
            text = "".join(begun) + text
            begun.clear()
        *whole, rest = text.split("\n")
        if rest:
            begun.append(rest)
        for line in whole:
            _keeper.write("%s %s\n" % (at, line if len(line) <= MAX_LINE else line[-MAX_LINE:]))
    except Exception as error:
        _keeper = None
        events.complain(error)


def _now():
    """As an engine writes it."""
    global _second
    seconds, rest = divmod(time.time_ns(), 1_000_000_000)
    if _second[0] != seconds:
        _second = (seconds, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)))
    return "%s.%09dZ" % (_second[1], rest)


def _open():
    try:
        folder = os.path.dirname(os.environ.get("HONE_EVENTS") or events.DEFAULT_PATH)
        return _Keeper(os.path.join(folder, "printed.log"))
    except OSError as error:
        events.complain(error)
        return None


class _Keeper:
    """The last lines in two files: `printed.log`, and before it `printed.log.1`."""

    def __init__(self, path):
        self.process = os.getpid()
        self._path = path
        self._file = self._open()
        self._bytes = os.fstat(self._file).st_size
        # Taken twice by a signal handler that prints.
        self._lock = threading.RLock()

    def write(self, text):
        data = text.encode("utf-8", "backslashreplace")
        with self._lock:
            if self._bytes + len(data) > MAX_BYTES and self._bytes > 0:
                self._turn()
            # To the system at once: what the process keeps is lost when it is killed.
            os.write(self._file, data)
            self._bytes += len(data)

    def _turn(self):
        os.replace(self._path, self._path + ".1")
        fresh = self._open()
        # The number stays ours: closed for a moment, it could become that of a file of the script's.
        os.dup2(fresh, self._file, inheritable=False)
        os.close(fresh)
        self._bytes = 0

    def _open(self):
        return os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
