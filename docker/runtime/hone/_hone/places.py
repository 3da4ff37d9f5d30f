"""Where in its training a script is, the checkpoints that it leaves there, and from where an attempt goes on.

A place is a loop of the script or a training by a framework's own loop, named by what it is and how many of that name
came before it in the present iteration of the loop around it: `train.py:12#0[3]/keras.fit#0` is the first call of fit in
the fourth iteration of the loop on line 12. Everything here happens in the main thread of the first process.
"""

import os
import threading
import time

from . import checkpoints, events, share, stopping
from .plan import Plan, superfluous

_stack = []
_counts = {}
_written = []
_plan = None
_sequence = 0
_broken = False
#: Why nothing is gone on from: the script does it itself.
_own = None
#: Whether something has been gone on from. A script that then loads its best model has not begun to resume itself.
_restored = False


class Place:
    """One level of where the script is. `index` counts the iterations or steps that are done."""

    def __init__(self, name, path, opaque, saves, closed):
        self.name = name
        self.path = path
        #: Whether it makes checkpoints of its own; a loop over the batches of an epoch does not.
        self.saves = saves
        #: A loop that cannot be entered in its middle: nothing inside of it can be gone on from.
        self.opaque = opaque
        #: A framework's own training: loops in the script's hooks are entered again with each batch.
        self.closed = closed
        self.index = 0
        self.counts = {}
        self.began = time.monotonic()
        #: The iteration that a checkpoint of this place itself lies at.
        self.saved = 0


def usable():
    """Whether this process and thread may keep checkpoints at all."""
    return (
        not _broken
        and os.environ.get("_HONE_PROCESS") == str(os.getpid())
        and threading.current_thread() is threading.main_thread()
    )


def enter(name, opaque=False, saves=True, closed=False):
    """@returns the place, and the checkpoint to go on from there or None. `leave` has to follow."""
    share.begin()
    counts = _stack[-1].counts if _stack else _counts
    ordinal = counts.get(name, 0)
    counts[name] = ordinal + 1
    around = "".join("%s[%d]/" % (place.name, place.index) for place in _stack)
    full = "%s#%d" % (name, ordinal)
    place = Place(full, around + full, opaque, saves, closed)
    _stack.append(place)
    stopping.wait_for_boundary(_worth_waiting)
    try:
        found = None if not _can_resume() else _the_plan().find(place.path)
    except BaseException:
        leave(place)
        raise
    if found is not None:
        place.saved = found.index
    return place, found


def leave(place):
    """Also leaves what was entered inside of it and not left, as after an exception."""
    while place in _stack and _stack.pop() is not place:
        pass


def turn(place, index):
    """A place comes to its next iteration or step; what is counted inside of it begins anew."""
    place.index = index
    place.counts = {}


def innermost():
    return _stack[-1] if _stack else None


def gone_on():
    """Whether this attempt went on from something, by Hone or by itself."""
    return _restored or _own is not None


def can_save(place):
    """Whether an attempt could go on from here: each loop around has a checkpoint of its present iteration."""
    if not usable() or _own is not None or not place.saves or place not in _stack:
        return False
    around = _stack[: _stack.index(place)]
    return not place.opaque and all(_leads_on(one) and one.saved == one.index for one in around)


def _leads_on(place):
    """Whether an attempt can come to what lies inside of a place."""
    return place.saves and not place.opaque and not place.closed


def due(place):
    """Whether a checkpoint is to be made now: it can be, and its cost stays within the share, or the training is to end."""
    return can_save(place) and (share.due() or stopping.requested())


def boundary(place, index, make_parts, step=None):
    """An iteration or epoch is over: saves where a checkpoint is due, and ends the process where that is asked for.

    @param index how many are done
    @param make_parts answers the parts of a checkpoint, as of checkpoints.write; called only where one is made
    @param step as the script counts epochs, for the report; None: the same as `index`
    """
    turn(place, index)
    if due(place):
        _save(place, make_parts, step, done=False)
    if stopping.requested() and not _worth_waiting():
        stopping.leave()


def finish(place, make_parts, step=None):
    """A place came to its end: a checkpoint of it keeps the next attempt from training it again."""
    if can_save(place) and (share.due() or share.worth(time.monotonic() - place.began)):
        _save(place, make_parts, step, done=True)


def _save(place, make_parts, step, done):
    """Makes a checkpoint, and removes those that it replaces. Never raises: the training goes on without."""
    global _sequence, _broken
    began = time.monotonic()
    try:
        parts = make_parts()
        _the_plan()
        _sequence += 1
        made = checkpoints.write(_sequence, place.path, place.index, done, step, parts)
        _written.append(made)
        place.saved = place.index
        for one in superfluous(_written):
            _written.remove(one)
            one.remove()
        seconds = time.monotonic() - began
        size = sum(about["bytes"] for about in made.files.values())
        told = place.index if step is None else step
        events.emit("checkpoint", place=place.path, step=told, bytes=size, seconds=seconds)
    except Exception as error:
        # A full disk, or something that cannot be saved.
        _broken = True
        events.warn("checkpoint", f"No checkpoint can be kept, so a restart begins anew: {error!r}")
    finally:
        share.add(time.monotonic() - began)


def resumed(checkpoint, by="hone"):
    """Reports that a place goes on from a checkpoint."""
    global _restored
    _restored = True
    events.emit("resumed", place=checkpoint.place, step=checkpoint.step or checkpoint.index, attempt=checkpoint.attempt, by=by)


def refuse(place, why):
    """What was saved does not fit: the place begins anew, and all after it. @param why in words"""
    events.warn("checkpoint-refused", f"The checkpoint is not used: {why}.")
    place.saved = place.index = 0
    if _plan is not None:
        _plan.give_up()


def resumes_itself(why):
    """The script loads a checkpoint of its own: Hone does not go on from another one.

    @param why in words, with the file
    """
    global _own
    if _restored or (_own is None and _plan is not None and _plan.target is None):
        return
    if _own is None:
        _own = why
        if _plan is not None:
            _plan.give_up()
        events.emit("resumed", place="", step=None, attempt=None, by="script", why=why)


def _can_resume():
    inside = any(place.closed for place in _stack[:-1])
    return _own is None and usable() and not inside and not any(place.opaque for place in _stack)


def _the_plan():
    """Reads what is on disk, once."""
    global _plan, _sequence
    if _plan is None:
        # Also of what cannot be removed: two of one number cannot be.
        last = checkpoints.last_sequence()
        checkpoints.remove_halves()
        found, refused = checkpoints.read_all()
        _plan = Plan(found, lambda one: one.broken())
        for path, why in refused + [(one.path, why) for one, why in _plan.refused]:
            events.warn("checkpoint-refused", f"The checkpoint {os.path.basename(path)} is not used: {why}.")
            checkpoints.remove(path)
        damaged = [one for one, _ in _plan.refused]
        _written.extend(one for one in found if one not in damaged)
        _sequence = last
    return _plan


def _worth_waiting():
    """Whether epochs that are done are in no checkpoint yet, but could be at the end of the present one."""
    place = next((one for one in reversed(_stack) if can_save(one)), None)
    return place is not None and place.saved != place.index
