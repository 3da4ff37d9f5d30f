"""SIGTERM: a training saves a checkpoint and ends, within the time that it is given."""

import os
import signal
import sys
import threading

from . import events

#: Left of the grace period for the end itself, in seconds.
_MARGIN = 1.5
#: As a shell tells of a process that SIGTERM ended.
_EXIT = 128 + signal.SIGTERM

#: The same as `requested()`, for what asks a million times.
is_requested = False
_process = None
#: Answers whether the next boundary of an epoch can save what the last checkpoint lacks.
_worth_waiting = None


def listen():
    global _process
    _process = os.getpid()
    # A script's own handler comes later and takes its place.
    signal.signal(signal.SIGTERM, _on_term)
    os.register_at_fork(after_in_child=_as_usual)


def _as_usual():
    """A child ends at once, even where no Python code is run that could hear of it."""
    try:
        if signal.getsignal(signal.SIGTERM) is _on_term:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
    except Exception as error:
        events.complain(error)


def requested():
    """Whether the training is to end at the next place where it can be gone on with."""
    return is_requested


def wait_for_boundary(worth_waiting):
    """`worth_waiting()` tells when a stop is requested whether to go on to the next boundary."""
    global _worth_waiting
    _worth_waiting = worth_waiting


def leave():
    """Ends the process at once, as SIGTERM does, but with all that was written."""
    from . import ending

    ending.report("stopped", _EXIT)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    os._exit(_EXIT)


def _on_term(number, frame):
    global is_requested
    # A child that was not forked by Python has this handler too.
    if os.getpid() != _process:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)
        return
    if is_requested:
        return
    is_requested = True
    try:
        if _worth_waiting is None or not _worth_waiting():
            leave()
        grace = float(os.environ.get("HONE_STOP_GRACE") or 10)
        timer = threading.Timer(max(0.1, grace - _MARGIN), leave)
        timer.daemon = True
        timer.start()
    except Exception as error:
        events.complain(error)
        leave()
