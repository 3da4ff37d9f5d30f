"""Writes events as JSON, one a line, to the file named by HONE_EVENTS."""
import json
import math
import os
import sys
import time

VERSION = 1
_warned = False


def emit(kind, **fields):
    """Appends one event in one write, so that a kill leaves at most a last line cut short."""
    path = os.environ.get("HONE_EVENTS")
    if not path or os.environ.get("HONE_RUNTIME_PID") != str(os.getpid()):
        return
    event = {"v": VERSION, "type": kind, "at": time.time()}
    event.update((name, value) for name, value in fields.items() if value is not None or name == "step")
    try:
        line = (json.dumps(event, default=str) + "\n").encode("utf-8", "replace")
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(file, line)
        finally:
            os.close(file)
    except Exception as error:
        warn_once(error)


def emit_start():
    emit("start", python="%d.%d.%d" % sys.version_info[:3], argv=[str(part) for part in getattr(sys, "argv", [])])


def emit_metric(name, value, split, file, line):
    number = float(value)
    text = None
    if math.isnan(number):
        text = "nan"
    elif math.isinf(number):
        text = "inf" if number > 0 else "-inf"
    emit("metric", name=name, value=number if text is None else text, step=None, split=split, file=file, line=line)


def warn_once(error):
    """An error of the runtime itself is said once and never reaches the script."""
    global _warned
    if not _warned:
        _warned = True
        sys.stderr.write("[hone] runtime stepped aside: %r\n" % (error,))
