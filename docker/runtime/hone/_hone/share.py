"""How much of a training's time goes into checkpoints: a twentieth, unless HONE_CHECKPOINT_SHARE says otherwise."""

import os
import time

from . import events

_TWENTIETH = 0.05


def _limit(text):
    """Seconds of saving for a second of training; None for what is no such number."""
    try:
        limit = float(text or _TWENTIETH)
    except ValueError:
        return None
    return limit if 0 < limit < float("inf") else None


_asked = os.environ.get("HONE_CHECKPOINT_SHARE")
LIMIT = _limit(_asked) or _TWENTIETH
#: Seconds that are free, so that the first epochs of a short training are kept too.
GRACE = 0.1

_began = None
_spent = 0.0
_last = 0.0
_callbacks = []


def begin():
    """The training has begun; later calls do nothing."""
    global _began
    if _began is None:
        _began = time.monotonic()
        if _limit(_asked) is None:
            text = "HONE_CHECKPOINT_SHARE is %r and not a number above 0: checkpoints take at most 0.05 of the time."
            events.warn("checkpoint-share", text % _asked)
        for callback in _callbacks:
            callback()


def when_begun(callback):
    """`callback()` when the training begins."""
    _callbacks.append(callback)


def due():
    """Whether a checkpoint that costs as much as the last one stays within the share."""
    if _began is None:
        return False
    return _spent + _last <= LIMIT * (time.monotonic() - _began) + GRACE


def worth(seconds):
    """Whether work of so many seconds is worth the cost of a checkpoint."""
    return _last <= LIMIT * seconds


def add(seconds):
    global _spent, _last
    _spent += seconds
    _last = seconds


def due_at():
    """When a checkpoint that costs as much as the last one will be due, by time.monotonic."""
    return float("inf") if _began is None else _began + (_spent + _last - GRACE) / LIMIT


def affordable():
    """Whether there is time for what has to be done before a checkpoint can be made."""
    return _began is not None and _spent <= LIMIT * (time.monotonic() - _began) + GRACE


def spend(seconds):
    """Time that was needed, but not for a checkpoint itself."""
    global _spent
    _spent += seconds
