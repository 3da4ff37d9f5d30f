"""The event file: one JSON object a line, version 1."""

import os
import sys
import time

VERSION = 1
DEFAULT_PATH = "/opt/hone/run/events.jsonl"
#: Of one text in an event; a traceback of a deep recursion may be long.
MAX_TEXT = 20000

_file = None
_process = None
_complained = False


def open_file():
    global _file, _process
    path = os.environ.get("HONE_EVENTS") or DEFAULT_PATH
    os.makedirs(os.path.dirname(path), exist_ok=True)
    _file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    _process = os.getpid()
    emit("start", python=sys.version.split()[0], argv=[str(word) for word in getattr(sys, "argv", [])])


def emit(kind, **fields):
    """Appends one event. Never raises; forked children stay silent."""
    try:
        if _file is None or os.getpid() != _process:
            return
        import json

        event = {"v": VERSION, "type": kind, "at": time.time()}
        event.update((name, _plain(value)) for name, value in fields.items())
        # One write, so that no other thread's line comes in between.
        os.write(_file, json.dumps(event, allow_nan=False).encode() + b"\n")
    except Exception as error:
        complain(error)


def warn(code, message):
    """Reports something that a person may have to know; the training goes on."""
    emit("warning", code=code, message=message)


def complain(error):
    """Says once that something of Hone's own went wrong."""
    global _complained
    if _complained:
        return
    _complained = True
    try:
        print(f"[hone] The runtime could not record something; the training goes on: {error!r}", file=sys.stderr)
    except Exception:
        pass


def _plain(value):
    """JSON has no NaN and no infinity: they are written as words."""
    if isinstance(value, float):
        if value != value:
            return "nan"
        if value in (float("inf"), float("-inf")):
            return "inf" if value > 0 else "-inf"
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return value[: MAX_TEXT // 2] + "\n...\n" + value[-MAX_TEXT // 2 :]
    return value
