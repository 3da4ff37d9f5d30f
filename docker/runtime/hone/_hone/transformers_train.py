"""One call of transformers' Trainer.train: what it reports after each epoch, and how it goes on from a checkpoint.

The Trainer is given Hone's folder to resume from, of which it reads its own state, counts the epochs and skips the batches that
are done. Weights, optimiser, schedule, random states and the rest, which it would read by ways that differ between its
versions, are put in place here, right before the first callback.
"""

import contextlib
import os
import sys
import time

from . import events, places, randomness, sections, stopping, transformers_progress, transformers_state

#: The trainings that are going on, by the callback handler's identity: one, for one in another is left alone.
_running = {}
_STATE = "transformers.pt"
#: Seconds after which a checkpoint is made in the middle of an epoch too.
_LONG = float(os.environ.get("HONE_LONG_EPOCH") or 300)
#: Of data sets without a length the Trainer counts epochs without end.
_ENDLESS = 1000000


def running():
    return bool(_running)


def of(handler):
    return _running.get(id(handler))


class Train:
    def __init__(self, trainer, why_not):
        """@param why_not as of transformers._why_not: epochs are reported, and nothing is kept"""
        self.trainer = trainer
        self.keeps = why_not is None
        self.section = None
        #: What to go on from; None: from the beginning.
        self.saved = None
        #: Whether that is still to be put in place.
        self.resuming = False
        #: Epochs that are done.
        self.epochs = 0
        self._ended = self._restored = self._skips = False
        self._step = self._log = 0
        self._loss = 0.0
        self._began = self._kept = time.monotonic()
        self._random = None
        self._baseline = {}
        self._stack = contextlib.ExitStack()
        try:
            self._enter(why_not)
        except Exception:
            self.leave()
            raise

    def _enter(self, why_not):
        handler = self.trainer.callback_handler
        _running[id(handler)] = self
        self._stack.callback(_running.pop, id(handler), None)
        if self.keeps:
            self.section = self._stack.enter_context(sections.section("transformers.train"))
            self._load()
            return
        if why_not:
            events.warn("checkpoint", "No checkpoint of this training can be kept: %s." % why_not)
        inner, _ = places.enter("transformers.train", opaque=True)
        self._stack.callback(places.leave, inner)

    def leave(self):
        self._stack.close()

    @property
    def folder(self):
        return self.section.resume.path

    def _load(self):
        resume = self.section.resume
        if resume is None:
            return
        try:
            self.saved = transformers_state.read(resume.file(_STATE))
            why = transformers_state.prepare(self.trainer, self.saved)
        except Exception as error:
            why = "it cannot be read (%r)" % error
        if why:
            self.saved = None
            self.section.refuse(why)
            return
        self.resuming = True
        if not self.section.done:
            self._instead("_load_from_checkpoint", lambda *args, **kwargs: None)
            self._instead("_load_rng_state", self._in_the_epoch)

    def _instead(self, name, function):
        """A method of the trainer, until it has begun."""
        setattr(self.trainer, name, function)
        self._stack.callback(lambda: vars(self.trainer).pop(name, None))

    def give_up(self, error):
        """It could not be gone on from the checkpoint: all is put back to begin anew."""
        transformers_state.put_back(self.trainer, self.saved)
        for name in ("_load_from_checkpoint", "_load_rng_state"):
            vars(self.trainer).pop(name, None)
        self.saved, self.resuming = None, False
        self.section.refuse("it could not be restored (%r)" % error)

    def result(self):
        """What train answered in an earlier attempt that brought it to its end; None otherwise."""
        if not self.section.done:
            return None
        found = transformers_state.restore_end(self.trainer, self.saved)
        self.resuming = False
        self.section.restored()
        return found

    def on_train_begin(self):
        """All is prepared. @throws what stands in the way of going on"""
        self._baseline = _quietly(lambda: transformers_state.versions(self.trainer)) or {}
        if self.resuming:
            transformers_state.restore(self.trainer, self.saved, self.folder)
            self.resuming = False
            self.epochs = self.section.index

    def on_epoch_begin(self):
        _quietly(self._between_epochs)

    def on_epoch_end(self):
        self._ended = True

    def on_step_begin(self):
        if self.keeps and (stopping.requested() or time.monotonic() - self._kept > _LONG):
            _quietly(self._keep_step)

    def _between_epochs(self):
        if self._ended:
            self._epoch_over()
        elif self.saved is not None and not self._restored:
            self._go_on()
        self._ended = False
        marks = self.saved["marks"] if self.saved is not None and self.saved["random"] is not None else None
        if marks is None:
            self._random = randomness.capture()
            marks = self._now()
        else:
            # In the middle of an epoch: it began where it did in the attempt before.
            self._random, self.saved["random"] = self.saved["random"], None
        self._log, self._step, self._loss = marks
        self._began = self._kept = time.monotonic()

    def _go_on(self):
        self._restored = True
        try:
            transformers_state.restore_rest(self.trainer, self.saved)
        except Exception as error:
            events.warn("resume-inexact", "Not all of what was saved could be restored: %r." % error)
        self._skips = self.saved["random"] is not None
        if self._skips:
            # The order of the data first; the rest when the batches that are done have been skipped.
            randomness.restore(self.saved["random"])
        else:
            self.section.restored()

    def _in_the_epoch(self, *args, **kwargs):
        """Called when the Trainer has skipped what was done of an epoch."""
        if self._skips:
            self._skips = False
            transformers_progress.warn_of_data(self.trainer)
            self.section.restored()

    def _now(self):
        """@returns how many lines were logged, the step, and the loss of all steps added up"""
        trainer = self.trainer
        loss = transformers_progress.running_loss(trainer)
        return len(trainer.state.log_history), trainer.state.global_step, loss

    def _epoch_over(self):
        state = self.trainer.state
        self.epochs += 1
        total = state.num_train_epochs if 0 < state.num_train_epochs < _ENDLESS else None
        seconds = time.monotonic() - self._began
        if not self.keeps:
            sections.report(self.epochs, self._metrics(), total, seconds)
        elif transformers_progress.whole_epochs(self.trainer, self.epochs):
            self.section.epoch(self.epochs, self._metrics(), lambda: self._parts(None), total, seconds)
        else:
            sections.report(self.epochs, self._metrics(), total, seconds)
            self.section.reached(self.epochs)

    def _metrics(self):
        found = transformers_progress.logged(self.trainer.state.log_history[self._log :])
        _, step, loss = self._now()
        if "train_loss" not in found and loss is not None and self._loss is not None and step > self._step:
            found["train_loss"] = (loss - self._loss) / (step - self._step)
        return found

    def _keep_step(self):
        self._kept = time.monotonic()
        if self.trainer.state.global_step > self._step and transformers_progress.countable(self.trainer):
            self.section.reached(self.epochs, lambda: self._parts(self._random))

    def _parts(self, random, output=None):
        """@param random as it was at the beginning of the epoch that a checkpoint lies in; None between epochs"""
        torch, trainer = sys.modules["torch"], self.trainer
        state = transformers_state.capture(trainer, self._baseline)
        state.update(random=random, output=output, marks=(self._log, self._step, self._loss))
        own = transformers_state.trainer_state(trainer)
        return {_STATE: lambda file: torch.save(state, file), transformers_state.FILE: own}

    def finish(self, output):
        """train has returned."""
        _quietly(lambda: self._finish(output))

    def _finish(self, output):
        if self._ended:
            self._ended = False
            self.epochs += 1
            total = self.trainer.state.num_train_epochs
            seconds = time.monotonic() - self._began
            sections.report(self.epochs, self._metrics(), total if 0 < total < _ENDLESS else None, seconds)
        if self.keeps:
            self.section.reached(self.epochs)
            self.section.finish(lambda: self._parts(None, tuple(output)))


def _quietly(action):
    try:
        return action()
    except Exception as error:
        events.complain(error)
        return None
