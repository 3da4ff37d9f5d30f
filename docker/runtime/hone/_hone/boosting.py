"""What XGBoost, LightGBM and CatBoost have in common: whose call it is, how a round is named, told and kept."""

import time

from . import events, place, sections, stopping

#: Modules of scikit-learn through which the user's own call of `fit` may come; not those that fit many times.
_BETWEEN = ("sklearn.pipeline", "sklearn.base", "sklearn.compose._target")
_PREFIXES = {
    "train": ("train", "training", "dtrain", "learn", "tr"),
    "test": ("test", "dtest", "te", "holdout"),
}
#: Rounds of which each one is told.
_ALL = 1000
#: Seconds from one checkpoint to the next, for a round may take less than a millisecond.
_PAUSE = 0.1


def own_call(frame, package):
    """The user's frame that trains; None where other code does, such as a cross-validation.

    @param frame of the caller
    @param package the framework's own, whose frames may lie between
    """
    while frame is not None:
        if place.is_user_file(frame.f_code.co_filename):
            return frame
        module = frame.f_globals.get("__name__") or ""
        if module.split(".")[0] not in (package, "_hone", "contextlib") and module not in _BETWEEN:
            return None
        frame = frame.f_back
    return None


def metric_name(data, metric, train=False):
    """`val_logloss` for `logloss` of a data set with such a name as `validation_0`."""
    word = "train" if train else data.lower().rstrip("0123456789").rstrip("_-")
    split = next((split for split, words in _PREFIXES.items() if word in words), "val")
    return "%s_%s" % (split, metric)


def quietly(action):
    """`action()`, of which only what is Hone's own may fail unseen. @returns its answer; None when it failed"""
    try:
        return action()
    except Exception as error:
        events.complain(error)
        return None


def restored(section):
    """The trees are there already: without the random numbers it goes on nevertheless."""
    try:
        section.restored()
    except Exception as error:
        events.warn("resume-inexact", "The training goes on, but its random numbers could not be restored: %r." % error)
        quietly(lambda: section.restored(random=False))


class Rounds:
    """Tells of rounds, and keeps checkpoints of them: not one a round, and not each round when there are many."""

    def __init__(self, section, total):
        self._section = section
        self._total = total
        self._told = 0
        self._every = 1
        self._kept = time.monotonic()

    def over(self, step, metrics, make_parts, may_save=True):
        """A round is over. @param may_save whether an attempt could go on from just here"""
        if metrics and (step % self._every == 0 or step == self._total):
            sections.report(step, metrics, self._total)
            self._told += 1
            if self._told % _ALL == 0:
                self._every *= 2
        if may_save and (time.monotonic() - self._kept >= _PAUSE or stopping.requested()):
            self._section.reached(step, make_parts)
            self._kept = time.monotonic()
        else:
            self._section.reached(step)
