"""A training by a framework's own loop: what its module here reports, keeps and goes on from.

    with sections.section("keras.fit") as section:
        if section.resume: ...          # a Checkpoint: restore from its files, then section.restored()
        each epoch: section.epoch(step, metrics, make_parts)
        at the end: section.finish(make_parts)
"""

import contextlib
import pickle

from . import events, places, randomness

_RANDOM = "random.pkl"
STATE = "state.pkl"


class Section:
    def __init__(self, place, resume):
        self._place = place
        #: The checkpoint to go on from; None: it begins anew.
        self.resume = resume
        #: Its path among all places of the training.
        self.place = place.path
        #: Epochs or rounds that are done.
        self.index = resume.index if resume else 0
        #: The training came to its end in an earlier attempt: only its results are to be restored.
        self.done = bool(resume and resume.done)

    def state(self):
        """What `pickled` was given when the checkpoint was made."""
        with open(self.resume.file(STATE), "rb") as file:
            return pickle.load(file)

    def restored(self, random=True):
        """To be called when all is restored: sets the generators of Python, numpy and torch, and reports it."""
        if random:
            with open(self.resume.file(_RANDOM), "rb") as file:
                randomness.restore(pickle.load(file))
        places.turn(self._place, self.index)
        places.resumed(self.resume)

    def refuse(self, why):
        """What was saved does not fit: the training begins anew.

        @param why in words
        """
        events.warn("checkpoint-refused", f"The checkpoint is not used: {why}.")
        self.resume, self.index, self.done = None, 0, False

    def epoch(self, step, metrics, make_parts, total=None, seconds=None):
        """An epoch or round is over: reports it, saves where due, and ends the process where that is asked for.

        @param step counted from 1
        @param metrics name -> number, with `val_` or `test_` before the name where it is of that split
        @param make_parts answers file name -> bytes or writer: all that has to be restored; see `pickled`
        """
        report(step, metrics, total, seconds)
        self.reached(step, make_parts)

    def reached(self, step, make_parts=None):
        """As `epoch`, without a report; without `make_parts` nothing is saved just here."""
        self.index = step
        if make_parts is None:
            places.turn(self._place, step)
        else:
            places.boundary(self._place, step, lambda: self._with_random(make_parts), step)

    def finish(self, make_parts):
        """The training came to its end."""
        places.finish(self._place, lambda: self._with_random(make_parts), self.index)

    def _with_random(self, make_parts):
        return {**make_parts(), _RANDOM: pickle.dumps(randomness.capture(), protocol=4)}


@contextlib.contextmanager
def section(name):
    """Enters a training by the framework's own loop. Of one in a child process or thread nothing is kept."""
    if not places.usable():
        yield _Nothing()
        return
    try:
        place, resume = places.enter(name, closed=True)
    except Exception as error:
        events.complain(error)
        yield _Nothing()
        return
    try:
        yield Section(place, resume)
    finally:
        places.leave(place)


def pickled(state):
    """The part of a checkpoint that `Section.state` reads."""
    return {STATE: lambda file: pickle.Pickler(file, protocol=4).dump(state)}


def report(step, metrics, total=None, seconds=None, weak=False):
    """Reports an epoch. @param weak the values were only found in variables: anything else that is reported counts before them"""
    values = {}
    for name, value in metrics.items():
        try:
            values[str(name)] = float(value)
        except (TypeError, ValueError):
            continue
    events.emit("epoch", step=int(step), total=total, metrics=values, seconds=seconds, weak=weak or None)


class _Nothing:
    """Stands in where nothing is kept."""

    place = ""
    resume = None
    index = 0
    done = False

    def restored(self, random=True):
        pass

    def refuse(self, why):
        pass

    def epoch(self, step, metrics, make_parts, total=None, seconds=None):
        pass

    def reached(self, step, make_parts=None):
        pass

    def finish(self, make_parts):
        pass
