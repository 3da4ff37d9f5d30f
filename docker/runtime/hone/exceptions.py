"""Reports the exception that ends the script, with the place in the user's own code that it came from."""
import atexit
import linecache
import os
import sys
import traceback

from . import events

_exit = 0


def user_place(frames, root):
    """The deepest (file, line) below `root`, else the deepest of all; frames are (file, line), outermost first."""
    inside = [frame for frame in frames if os.path.abspath(frame[0]).startswith(root + os.sep)]
    chosen = inside or frames
    return chosen[-1] if chosen else (None, None)


def describe(kind, error, trace, root):
    """The fields of an exception event."""
    file, line = user_place([(frame.filename, frame.lineno) for frame in traceback.extract_tb(trace)], root)
    if isinstance(error, SyntaxError) and error.filename:
        file, line = error.filename, error.lineno
    code = linecache.getline(file, line).strip() if file and line else None
    return {
        "error": kind.__name__,
        "message": str(error)[:2000],
        "file": os.path.relpath(file, root) if file and os.path.abspath(file).startswith(root + os.sep) else file,
        "line": line,
        "code": code or None,
        "traceback": "".join(traceback.format_exception(kind, error, trace))[-8000:],
    }


def install():
    root = os.getcwd()
    previous = sys.excepthook

    def report(kind, error, trace):
        global _exit
        _exit = 1
        try:
            if not issubclass(kind, KeyboardInterrupt):
                events.emit("exception", **describe(kind, error, trace, root))
        except Exception as own:
            events.warn_once(own)
        previous(kind, error, trace)

    sys.excepthook = report
    atexit.register(lambda: events.emit("end", exit=_exit))
