"""The loops of a script while they run: each tells where it is, and begins in its middle where there is a checkpoint."""

import sys
import time

from . import advance, again, events, places, share, snapshot, stopping, watched
from .door import Untouched

_NEVER = float("inf")
#: Seconds. A loop that is over sooner is not worth the look at all that a script has; one that counts epochs
#: nearly always is.
_SHORT, _SHORT_EPOCHS = 2.0, 0.05
#: Name of a loop -> how long it took the last time.
_lasted = {}
_clock = time.monotonic


def over(about, iterable, frame):
    """What the rewritten `for` loops over.

    @param about (name, whether it counts epochs, whether it is at the level of a module)
    """
    try:
        if places.usable():
            return _opened(_For(about, iterable), frame)
    except Exception as error:
        events.complain(error)
    return Untouched(iterable)


def turning(about, frame):
    """What the rewritten `while` turns."""
    try:
        if places.usable():
            return _opened(_While(about), frame)
    except Exception as error:
        events.complain(error)
    return Untouched(None)


def _opened(loop, frame):
    try:
        loop.open(frame)
    except BaseException as error:
        if loop.taken is not None and isinstance(error, Exception):
            again.without(loop.taken, "it could not be put back (%s)" % error)
        loop.leave()
        raise
    return loop


class _Loop:
    def __init__(self, about):
        self._name, self._is_epoch, self._at_module = about
        #: Variables for the function to take back; None: nothing to do.
        self.back = None
        #: It ends by `break`.
        self.broken = False
        #: It had come to its end in an earlier attempt.
        self.over = False
        #: The checkpoint that has been put back, if only in part.
        self.taken = None
        self.index = 0
        self._place = None
        self._snapshot = None
        self._look_at = _NEVER
        self._watch = None
        self._begun = False

    def _enter(self, frame, opaque):
        around = places.innermost()
        saves = not opaque and (around is None or self._may_save_inside(around))
        self._place, found = places.enter(self._name, opaque=opaque, saves=saves)
        self._place.epochs = self._is_epoch
        if not saves:
            return None
        if found is not None or (self._is_worth_it() and places.can_save(self._place) and share.affordable()):
            began = time.monotonic()
            self._snapshot = snapshot.Snapshot(frame)
            share.spend(time.monotonic() - began)
        else:
            self._place.saves = False
        return found

    def _is_worth_it(self):
        # One over the parameters, say, is begun again with each batch.
        lasted = _lasted.get(self._name)
        return lasted is None or lasted >= (_SHORT_EPOCHS if self._is_epoch else _SHORT)

    def _may_save_inside(self, around):
        # In a framework's training nothing but the framework can go on; in a loop over epochs another one goes over batches.
        epochs = getattr(around, "epochs", None)
        return around.saves and epochs is not None and (self._is_epoch or not epochs)

    def _take_back(self, found, advance_to=lambda index: None, draws=False):
        """Goes on from a checkpoint.

        @param advance_to brings what the loop goes over to its next item
        @param draws whether that may draw random numbers, so that the generators are to be set after it; else it comes
            last, for a list that the loop fills has to be full again
        """
        try:
            read = self._snapshot.read(found)
        except snapshot.Refused as why:
            places.refuse(self._place, str(why))
            return
        self.taken = found
        if not found.done and draws:
            advance_to(found.index)
        about, variables = self._snapshot.restore(read)
        if not found.done and not draws:
            advance_to(found.index)
        self.index = found.index
        self.over = found.done
        self.broken = about["broken"]
        self.back = None if self._at_module else variables
        places.turn(self._place, self.index)
        places.resumed(found)

    def _turned(self, frame):
        """An iteration is over, and it is time to look."""
        if self._watch is not None:
            self._watch.look(frame, self.index)
        if self._snapshot is not None:
            places.boundary(self._place, self.index, lambda: self._parts(frame))
        elif stopping.requested():
            places.boundary(self._place, self.index, dict)
        self._plan_look()

    def _plan_look(self):
        self._look_at = share.due_at() if self._snapshot is not None and places.can_save(self._place) else _NEVER
        if self._watch is not None:
            self._look_at = min(self._look_at, self._watch.look_at)

    def _parts(self, frame):
        return self._snapshot.parts(frame, {"broken": self.broken})

    def _finish(self, frame):
        if self.over or self._place is None:
            return
        self.over = True
        if self._watch is not None:
            self._watch.look(frame, self.index, last=True)
        # What is still to be taken back is in no variable yet.
        if self._snapshot is not None and self.back is None:
            places.finish(self._place, lambda: self._parts(frame))

    def leave(self):
        """However it ended."""
        place, self._place = self._place, None
        if place is not None:
            _lasted[self._name] = time.monotonic() - place.began
            places.leave(place)
        self._snapshot = self._watch = self.back = None


class _For(_Loop):
    def __init__(self, about, iterable):
        super().__init__(about)
        self.items = iterable
        self._way = self._total = self._iterator = None

    def open(self, frame):
        way = advance.way(self.items)
        found = self._enter(frame, opaque=way is None)
        if way is None or not self._place.saves:
            return
        self._way, self._total = way, way.total
        if found is not None:
            self._take_back(found, self._advance, way.draws)
        if self._iterator is None:
            self._advance(0)
        if self._is_epoch:
            self._watch = watched.Watch(way.total)
        self.items = self._turns()
        self._plan_look()

    def _advance(self, index):
        self._iterator = self._way.begin(index)

    def _turns(self):
        """The items. A generator, for it costs a loop of many short turns the least."""
        if self.over:
            return
        place, total, clock, iterator = self._place, self._total, _clock, self._iterator
        index = self.index
        try:
            while True:
                yield next(iterator)
                index += 1
                place.index = index
                if place.counts:
                    place.counts = {}
                if (clock() >= self._look_at and index != total) or stopping.is_requested:
                    self.index = index
                    self._look(sys._getframe(1))
        except StopIteration:
            pass
        self.index = index
        try:
            self._finish(sys._getframe(1))
        except Exception as error:
            events.complain(error)

    def _look(self, frame):
        try:
            self._turned(frame)
        except Exception as error:
            events.complain(error)

    def leave(self):
        if self.broken and not self.over:
            try:
                if self._place is not None:
                    self.index = self._place.index
                self._finish(sys._getframe(1))
            except Exception as error:
                events.complain(error)
        super().leave()
        # The script keeps this object to the end of the function that the loop is in.
        self.items = self._way = self._iterator = None


class _While(_Loop):
    #: Its test failed.
    ended = False

    def open(self, frame):
        found = self._enter(frame, opaque=False)
        if found is not None:
            self._take_back(found)
        if self._is_epoch and self._place.saves:
            self._watch = watched.Watch(None)
        self._plan_look()

    def turn(self):
        if not self._begun:
            self._begun = True
            return
        self.index += 1
        place = self._place
        place.index = self.index
        if place.counts:
            place.counts = {}
        if _clock() >= self._look_at or stopping.requested():
            try:
                self._turned(sys._getframe(1))
            except Exception as error:
                events.complain(error)

    def leave(self):
        if (self.broken or self.ended) and not self.over:
            try:
                self._finish(sys._getframe(1))
            except Exception as error:
                events.complain(error)
        super().leave()
