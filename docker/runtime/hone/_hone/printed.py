"""How many lines the script printed, so that the server can tell whether a log has them all."""

import sys

_lines = 0


def listen():
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            _count(stream)


def _count(stream):
    write = stream.write

    def counted(text):
        global _lines
        length = write(text)
        _lines += text.count("\n")
        return length

    counted.__doc__ = write.__doc__
    try:
        stream.write = counted
    except AttributeError:
        # One that has no room for it, put there by somebody's site: its lines are not counted.
        pass


def lines():
    """Of this process alone, and never more than it printed."""
    return _lines
