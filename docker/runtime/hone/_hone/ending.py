"""How the script ends: by an exception, by sys.exit, or at its last line."""

import sys

from . import events, heartbeat, place, printed

_exit_code = 0


def listen():
    import atexit

    before = sys.excepthook

    def hook(kind, error, trace):
        try:
            _record(kind, error, trace)
        except Exception as own:
            events.complain(own)
        before(kind, error, trace)

    sys.excepthook = hook

    leave = sys.exit

    def exit(status=None):
        global _exit_code
        _exit_code = status if isinstance(status, int) else 0 if status is None else 1
        leave(status)

    exit.__doc__ = leave.__doc__
    sys.exit = exit
    # Registered first, so it runs last.
    atexit.register(lambda: report("finished" if _exit_code == 0 else "failed", _exit_code))


def report(reason, status):
    """The last event: `finished`, `failed`, or `stopped` on request, with the exit code, the peak of memory and the lines printed."""
    memory = heartbeat.peak_memory()
    events.emit("end", exit=int(status), reason=reason, memory=memory, lines=printed.lines())


def _record(kind, error, trace):
    global _exit_code
    _exit_code = 1
    import linecache
    import traceback

    file, line, code = None, None, None
    if isinstance(error, SyntaxError) and error.filename:
        file, line, code = place.relative(error.filename), error.lineno, error.text
    else:
        # The deepest of the user's own frames; the deepest of all where there is none.
        frames = [(frame.f_code.co_filename, number) for frame, number in traceback.walk_tb(trace)]
        own = [frame for frame in frames if place.is_user_file(frame[0])]
        for path, number in (own or frames)[-1:]:
            file, line, code = place.relative(path), number, linecache.getline(path, number)
    events.emit(
        "exception",
        error=kind.__name__,
        message=_text(error),
        file=file,
        line=line or None,
        code=(code or "").strip() or None,
        traceback="".join(traceback.format_exception(kind, error, trace)),
    )


def _text(error):
    try:
        return str(error)
    except Exception:
        return "(its text cannot be read)"
