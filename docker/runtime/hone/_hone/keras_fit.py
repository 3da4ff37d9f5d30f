"""One call of `fit`: its epochs, its checkpoints, and how it goes on from one."""

import contextlib
import time
import weakref

from . import events, keras_callbacks, keras_data, keras_evaluate, keras_random, keras_state, keras_steps, randomness, sections

_active = []
#: Model -> the random ops of its training function.
_ops = weakref.WeakKeyDictionary()


def innermost():
    return _active[-1] if _active else None


def of(callbacks):
    """The training that a CallbackList belongs to."""
    found = innermost()
    if found is None or getattr(callbacks, "model", None) is not found.model:
        return None
    return found if found.callbacks in (None, callbacks) else None


class Fit:
    def __init__(self, model, trainer, original, args, kwargs):
        """@param trainer Keras 3: the module of its trainer; None: Keras 2"""
        import inspect

        given = inspect.signature(original).bind(model, *args, **kwargs)
        given.apply_defaults()
        self.model = model
        self.given = given.arguments
        self.third = trainer is not None
        self.data = keras_data.Data(self.given.get("x"), self.given.get("validation_data"))
        #: What gives the batches: EpochIterator of Keras 3, DataHandler of Keras 2.
        self.epochs = None
        self.callbacks = None
        #: Tells the callbacks that the training begins.
        self.begin = None
        #: Between `on_train_begin` and the end.
        self.running = False
        self.done = False
        self.section = None
        self.saved = None
        self._validated = False
        self._seconds = 0.0
        self._epoch_began = None
        self._undo = None
        # A function that is built anew begins anew.
        self._ops = _ops.get(model) if getattr(model, "train_function", None) is not None else None
        self._ops = _ops[model] = self._ops or keras_random.Ops()
        self._aside = keras_steps.why_aside(self, trainer)
        keras_evaluate.trained_on(model, self.given.get("x"), self.given.get("validation_data"))

    def run(self, train):
        """Trains, or restores what an earlier attempt has trained. @returns what `fit` answers"""
        with contextlib.ExitStack() as stack:
            if self._aside is None:
                self.section = stack.enter_context(sections.section("keras.fit"))
                self._read()
            stack.enter_context(self.data)
            stack.callback(keras_random.watch, keras_random.watch(None))
            stack.callback(_active.remove, self)
            stack.callback(self._clean)
            _active.append(self)
            answer = train()
            try:
                return self._finished(answer)
            except Exception as error:
                events.complain(error)
                return answer

    def preparing(self, callbacks, begin):
        """Before the callbacks are told that the training begins."""
        self.callbacks, self.begin = callbacks, begin
        if self.saved is not None:
            self._undo = keras_callbacks.prepare(callbacks.callbacks, self.saved["callbacks"])

    def begun(self):
        """After the callbacks were told so, before the first epoch."""
        self.running = True
        if self.section is not None:
            keras_random.watch(self._ops)
        if self.saved is None or not self.third:
            return
        first = self.model._initial_epoch
        try:
            keras_steps.go_on(self)
            self.model._initial_epoch = self.first_epoch()
        except Exception as error:
            self.model._initial_epoch = first
            self.refuse(error)

    def remaining(self, epochs):
        """Keras 2: the (epoch, iterator) of a data handler that are not done."""
        if self.saved is None:
            return epochs
        return keras_steps.remaining(self, epochs)

    def first_epoch(self):
        """The number from 0 of the epoch to go on with; the number of all where none is left."""
        return self.given["epochs"] if self.done or self.saved["stop"] else self.section.index

    def restore(self):
        """Sets all that a checkpoint holds, once the model is built and the data has come to its place.

        @throws when the model does not fit: nothing is set then
        """
        keras_state.restore_model(self.model, self.saved["model"])
        for part in (self._restore_callbacks, self._restore_data, self._restore_random):
            try:
                part()
            except Exception as error:
                self.data.inexact.append(f"something could not be restored ({error!r})")
        if self.data.inexact and not self.done:
            why = "; ".join(dict.fromkeys(self.data.inexact))
            events.warn("resume-inexact", f"The training goes on, but not bit for bit as it would have: {why}.")

    def _restore_callbacks(self):
        saved = self.saved
        self._seconds = saved["seconds"]
        keras_callbacks.restore_attributes(self.model.history, saved["history"])
        if not keras_callbacks.restore(self.callbacks.callbacks, saved["callbacks"]):
            self.data.inexact.append("its callbacks are others")

    def _restore_data(self):
        saved = self.saved
        self._ops.restore(saved["ops"])
        if saved["hidden"]:
            self.data.inexact.append("its model draws random numbers whose state TensorFlow does not tell")
        self.data.restore_objects(saved["data"])

    def _restore_random(self):
        # A generator of Python has drawn its own again.
        try:
            self.section.restored(random=self.done or not self.data.generator)
        except Exception:
            self.section.restored(random=False)
            raise
        if not keras_random.restore(self.saved["random"]):
            self.data.inexact.append("some of its random generators are not there")

    def refuse(self, error):
        """The training begins anew."""
        self.section.refuse(str(error) if isinstance(error, ValueError) else repr(error))
        skipped = self.done
        self.saved, self.done = None, False
        if self._undo is not None:
            self._undo(anew=not skipped)
        if skipped:
            self.begin()

    def epoch_begun(self):
        self._epoch_began = time.monotonic()
        if self.saved is not None and self.third:
            self.model._initial_epoch = None

    def epoch_ended(self, epoch, logs):
        seconds = time.monotonic() - self._epoch_began
        self._seconds += seconds
        total = self.given["epochs"]
        logs = dict(logs or {})
        # What callbacks add to them for each other, Keras 3 shows in the history only.
        last = getattr(getattr(self.model, "history", None), "history", {})
        logs.update((name, last[name][-1]) for name in ("learning_rate", "lr") if last.get(name))
        if self.section is None:
            sections.report(epoch + 1, logs, total, seconds)
        else:
            self.section.epoch(epoch + 1, logs, self._parts, total=total, seconds=seconds)

    def validating(self):
        """What gives the validation data is made when it is first needed. Where that was before the checkpoint, the random
        numbers that it draws in being made were drawn before it too.

        @returns what undoes the drawing; None where it is to count
        """
        if self.saved is None or self._validated:
            return None
        self._validated = True
        if not any(name.startswith("val_") for name in self.saved["history"]["history"]):
            return None
        random, objects = randomness.capture(), self.data.capture()

        def undo():
            randomness.restore(random)
            self.data.restore_objects(objects)

        return undo

    def _parts(self):
        return sections.pickled(
            {
                "model": keras_state.model_state(self.model),
                "callbacks": keras_callbacks.capture(self.callbacks.callbacks),
                "history": {"history": self.model.history.history, "epoch": self.model.history.epoch},
                "stop": bool(self.model.stop_training),
                "ops": self._ops.capture(),
                "hidden": self._ops.hidden,
                "random": keras_random.capture(),
                "data": self.data.capture(),
                "batches": keras_steps.batches(self),
                "seconds": self._seconds,
            }
        )

    def _read(self):
        if self.section.resume is None:
            return
        try:
            self.saved = self.section.state()
            self.done = self.section.done
        except Exception as error:
            self.section.refuse(f"it cannot be read ({error!r})")

    def _finished(self, answer):
        if self.section is None:
            return answer
        if self.done:
            # What came after the last epoch, such as averaged weights, is in the last checkpoint.
            self.restore()
            answer = self.model.history
        else:
            self.section.finish(self._parts)
        return answer

    def _clean(self):
        self.running = False
        if self.saved is not None and self.third:
            self.model._initial_epoch = None
        if self._undo is not None:
            self._undo()

