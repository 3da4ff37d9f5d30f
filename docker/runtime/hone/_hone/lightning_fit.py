"""One call of Lightning's fit: what it reports after each epoch, and how it goes on from a checkpoint.

A checkpoint is what Lightning itself would write, made when an epoch is over in every respect: after its validation,
its callbacks and its schedulers. It is given back at the point where Lightning would have read a file. What its own
resuming does on top (to fetch from the loader once more, to leave out hooks) is kept from it, for a training that goes
on is to take the very steps of one that was never interrupted.
"""

import contextlib
import sys
import time

from . import events, lightning_state, places, sections

#: The fits that are going on, by the trainer's identity: one, for one in another is left alone.
_running = {}
_STATE = "lightning.pt"


def running():
    return bool(_running)


def of(trainer):
    return _running.get(id(trainer))


class Fit:
    def __init__(self, trainer, why_not):
        """@param why_not as of lightning._why_not: epochs are reported, and nothing is kept"""
        self.trainer = trainer
        self.keeps = why_not is None
        self._stack = contextlib.ExitStack()
        #: What to go on from; None: from the beginning.
        self.saved = None
        #: Whether Lightning is to be given the saved state, and has not restored all of it yet.
        self.restoring = False
        #: Files of earlier attempts that this one has written anew.
        self.rewritten = set()
        self._before = {}
        self._rate = None
        self._began = time.monotonic()
        try:
            self._enter(why_not)
        except Exception:
            self.leave()
            raise

    def _enter(self, why_not):
        _running[id(self.trainer)] = self
        self._stack.callback(_running.pop, id(self.trainer), None)
        if self.keeps:
            self.section = self._stack.enter_context(sections.section("lightning.fit"))
            self._load()
            return
        if why_not:
            events.warn("checkpoint", "No checkpoint of this training can be kept: %s." % why_not)
        inner, _ = places.enter("lightning.fit", opaque=True)
        self._stack.callback(places.leave, inner)

    def leave(self):
        self._stack.close()

    @property
    def done(self):
        return self.saved is not None and self.section.done

    def _load(self):
        resume = self.section.resume
        if resume is None:
            return
        try:
            self.saved = lightning_state.read(resume.file(_STATE))
            why = lightning_state.prepare(self.trainer, self.saved, resume.path)
        except Exception as error:
            why = "it cannot be read (%r)" % error
        if why:
            self._refuse(why)
        self.restoring = self.saved is not None

    def _refuse(self, why):
        self.saved = None
        self.restoring = False
        self.section.refuse(why)

    def give_up(self, why):
        """What was saved could not be restored: the training begins anew."""
        lightning_state.put_back(self.trainer, self.saved)
        self._refuse(why)

    def begins(self):
        """The loop is about to begin: it is to run as if the epochs before had just been trained."""
        self.restoring = False
        if self.saved is not None:
            lightning_state.clear_flags(self.trainer.fit_loop)
            self.trainer.should_stop = self.saved["should_stop"]

    def begun(self):
        """All hooks before the first epoch have run."""
        if self.saved is not None and not self.done:
            self._restore_rest()
        self._before = dict(self.trainer._logger_connector._callback_metrics)
        self._rate = _learning_rate(self.trainer)
        self._began = time.monotonic()

    def _restore_rest(self):
        try:
            lightning_state.restore_rest(self.trainer, self.saved)
        except Exception as error:
            events.warn("resume-inexact", "Not all of what was saved could be restored: %r." % error)
        self.section.restored()

    def epoch_over(self, loop):
        trainer = self.trainer
        step = loop.epoch_progress.current.processed
        now, metrics = time.monotonic(), dict(trainer._logger_connector._callback_metrics)
        new = {name: value for name, value in metrics.items() if self._before.get(name) is not value}
        told = _named(new)
        if self._rate is not None:
            told.setdefault("lr", self._rate)
        seconds = now - self._began
        if self.keeps:
            self.section.epoch(step, told, self._parts, _total(loop), seconds)
        else:
            sections.report(step, told, _total(loop), seconds)
        self._before, self._rate, self._began = metrics, _learning_rate(trainer), time.monotonic()

    def finish(self):
        """fit has returned."""
        try:
            if self.done:
                self._restore_rest()
            elif self.keeps:
                self.section.finish(self._parts)
        except Exception as error:
            events.complain(error)

    def _parts(self):
        torch, state = sys.modules["torch"], lightning_state.capture(self.trainer)
        return {_STATE: lambda file: torch.save(state, file)}


def _named(metrics):
    """`loss_epoch` is `loss`; values of single steps are left out."""
    found = {}
    for name, value in metrics.items():
        base, _, kind = name.rpartition("_")
        if kind == "step" and base + "_epoch" in metrics:
            continue
        found[base if kind == "epoch" and base else name] = value
    return found


def _total(loop):
    epochs = loop.max_epochs
    return epochs if isinstance(epochs, int) and epochs > 0 else None


def _learning_rate(trainer):
    groups = [group for optimizer in trainer.optimizers for group in optimizer.param_groups]
    return float(groups[0]["lr"]) if groups and "lr" in groups[0] else None
