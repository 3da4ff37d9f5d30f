"""Puts Hone's part around the methods of Keras that train and evaluate.

These only call into keras_fit.py and keras_evaluate.py; whatever goes wrong there, Keras' own method is called as if nobody
listened.
"""

import functools

from . import events, keras_evaluate, keras_fit, own

#: Of Keras 3. Checkpoints are kept on TensorFlow only.
_TRAINERS = ("TensorFlowTrainer", "JAXTrainer", "TorchTrainer")


def third_model(module):
    """Keras 3: the module of a backend's trainer."""
    _wrap_model(next(getattr(module, name) for name in _TRAINERS if hasattr(module, name)), module)
    iterator = getattr(module, "TFEpochIterator", None)
    if iterator is not None:
        iterator.__init__ = _around_data(iterator.__init__)


def second_model(module):
    """Keras 2: the module of `Model`."""
    if hasattr(module, "Model"):
        _wrap_model(module.Model, None)


def second_data(module):
    """Keras 2: the module that gives the batches."""
    handler = getattr(module, "DataHandler", None)
    if handler is not None:
        handler.enumerate_epochs = _around_epochs(handler.enumerate_epochs)
        handler.__init__ = _around_data(handler.__init__)


def callbacks(module):
    """The module of CallbackList, not one that passes it on."""
    found = getattr(module, "CallbackList", None)
    if found is not None and found.__module__ == module.__name__:
        _wrap_callbacks(found)


def second_saving(module):
    """TensorFlow opens its own format unseen; its index has the name that it is given, and an ending."""
    original = getattr(module, "load_weights", None)
    if original is None:
        return

    @functools.wraps(original)
    def load_weights(model, filepath, *args, **kwargs):
        own.loads(f"{filepath}.index")
        return original(model, filepath, *args, **kwargs)

    module.load_weights = load_weights


def _wrap_model(cls, trainer):
    cls.fit = _around_fit(cls.fit, trainer)
    cls.evaluate = keras_evaluate.reporting(cls.evaluate)


def _around_fit(original, trainer):
    @functools.wraps(original)
    def fit(self, *args, **kwargs):
        watched = _quietly(keras_fit.Fit, self, trainer, original, args, kwargs)
        if watched is None:
            return original(self, *args, **kwargs)
        return watched.run(lambda: original(self, *args, **kwargs))

    return fit


def _wrap_callbacks(cls):
    begin, end, epoch_begin, epoch_end = cls.on_train_begin, cls.on_train_end, cls.on_epoch_begin, cls.on_epoch_end

    @functools.wraps(begin)
    def on_train_begin(self, logs=None):
        watched = keras_fit.of(self)
        if watched is None:
            return begin(self, logs)
        _quietly(watched.preparing, self, lambda: begin(self, logs))
        # One that came to its end in an attempt before has said all that it had to say.
        answer = None if watched.done else begin(self, logs)
        _quietly(watched.begun)
        return answer

    @functools.wraps(end)
    def on_train_end(self, logs=None):
        watched = keras_fit.of(self)
        return None if watched is not None and watched.done else end(self, logs)

    @functools.wraps(epoch_begin)
    def on_epoch_begin(self, epoch, logs=None):
        watched = keras_fit.of(self)
        if watched is not None:
            _quietly(watched.epoch_begun)
        return epoch_begin(self, epoch, logs)

    @functools.wraps(epoch_end)
    def on_epoch_end(self, epoch, logs=None):
        answer = epoch_end(self, epoch, logs)
        watched = keras_fit.of(self)
        if watched is not None:
            _quietly(watched.epoch_ended, epoch, logs)
        return answer

    cls.on_train_begin, cls.on_train_end = on_train_begin, on_train_end
    cls.on_epoch_begin, cls.on_epoch_end = on_epoch_begin, on_epoch_end


def _around_data(original):
    """Data is made ready: that of the training before it runs, that of its validation while it does."""

    @functools.wraps(original)
    def init(self, *args, **kwargs):
        watched = keras_fit.innermost()
        before = None
        if watched is not None and watched.running:
            before = _quietly(watched.validating)
        original(self, *args, **kwargs)
        if before is not None:
            _quietly(before)
        elif watched is not None and watched.third and watched.epochs is None:
            watched.epochs = self

    return init


def _around_epochs(original):
    """Keras 2: the epochs of a training that goes on, without those that are done."""

    @functools.wraps(original)
    def enumerate_epochs(self):
        watched = keras_fit.innermost()
        if watched is None or watched.epochs is not None or not watched.running:
            return original(self)
        watched.epochs = self
        return watched.remaining(original(self))

    return enumerate_epochs


def _quietly(function, *args):
    """Only what is Hone's own may fail unseen."""
    try:
        return function(*args)
    except Exception as error:
        events.complain(error)
        return None
