"""Hone's runtime: watches an untouched training script and writes what it sees as events. Standard library only."""
import os


def install():
    """Starts watching, once, in the training's own process; processes that it starts are left alone."""
    if not os.environ.get("HONE_EVENTS") or os.environ.get("HONE_RUNTIME_PID"):
        return
    os.environ["HONE_RUNTIME_PID"] = str(os.getpid())

    from . import autolog, events, exceptions

    events.emit_start()
    exceptions.install()
    autolog.install()
