"""How far a training has come in its data, and how an attempt comes to the same place again.

A tf.data pipeline draws the seeds of its shuffling each time an iterator is made of it: as many are made again. Data that
one iterator gives for all epochs is run through again, without training. Sequences and the like are objects: their order
and counters are saved.
"""

import functools
import sys
import time

from . import keras_callbacks

#: Seconds that running through data again may always take; beyond it takes at most half of what its epochs took.
_FREE = 10

_watched = []


class Data:
    """The data of one training."""

    def __init__(self, x, validation):
        self._train = x
        self._validation = validation[0] if isinstance(validation, (tuple, list)) and validation else validation
        self._iterators = {}
        #: A generator of Python: what it draws comes again when it is run through again.
        self.generator = hasattr(x, "__next__")
        self.inexact = []

    def __enter__(self):
        _watched.append(self)
        return self

    def __exit__(self, *_):
        _watched.remove(self)

    def counted(self, dataset):
        for role, one in self._roles():
            if one is dataset:
                self._iterators[role] = self._iterators.get(role, 0) + 1

    def is_pipeline(self, role="train"):
        """Whether it is one of tf.data."""
        module = sys.modules.get("tensorflow.python.data.ops.dataset_ops")
        return module is not None and isinstance(dict(self._roles()).get(role), module.DatasetV2)

    def capture(self):
        objects = {}
        for role, one in self._roles():
            if hasattr(one, "__getitem__") and hasattr(one, "on_epoch_end"):
                objects[role] = keras_callbacks.attributes(one, arrays=False)
        return {"iterators": dict(self._iterators), "objects": objects}

    def restore_objects(self, saved):
        for role, one in self._roles():
            if role in saved["objects"]:
                keras_callbacks.restore_attributes(one, saved["objects"][role])

    def make_iterators(self, saved, role):
        """Makes as many iterators of a pipeline as had been made."""
        if self.is_pipeline(role):
            dataset = dict(self._roles())[role]
            while self._iterators.get(role, 0) < saved["iterators"].get(role, 0):
                iter(dataset)
        elif hasattr(dict(self._roles()).get(role), "__next__") and role == "validation":
            self.inexact.append("its validation data comes from a generator, which begins anew")

    def _roles(self):
        return [("train", self._train), ("validation", self._validation)]


class Patience:
    """Ends running through data again where it takes too long."""

    def __init__(self, seconds):
        """@param seconds that the epochs took"""
        self._until = time.monotonic() + max(_FREE, seconds / 2)
        self.lost = False

    def __bool__(self):
        self.lost = self.lost or time.monotonic() > self._until
        return not self.lost


TOO_LONG = "to run through its data again takes too long, so the order of the data begins anew"


def count_iterators(module):
    original = module.DatasetV2.__iter__

    @functools.wraps(original)
    def iterate(self):
        for one in _watched:
            one.counted(self)
        return original(self)

    module.DatasetV2.__iter__ = iterate
