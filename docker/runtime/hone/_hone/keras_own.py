"""Notices scripts that go on by themselves: from a file of Keras' that an earlier attempt wrote."""

import functools
import os
import time

from . import checkpoints, events, keras_fit, place, places
from .imports import after_import

#: Lies beside the checkpoints since the first attempt began.
_MARK = "began"
_MODULES = ("keras.src.saving.saving_api", "tf_keras.src.saving.saving_api", "keras.saving.saving_api")

_began = time.time()


def listen():
    for module in _MODULES:
        after_import(module, _wrap)


def _wrap(module):
    _mark()
    for name in ("load_model", "load_weights"):
        original = getattr(module, name, None)
        if original is not None:
            setattr(module, name, _noticing(original, 0 if name == "load_model" else 1))


def _mark():
    path = os.path.join(checkpoints.folder(), _MARK)
    if places.usable() and not os.path.exists(path):
        os.makedirs(checkpoints.folder(), exist_ok=True)
        with open(path, "w"):
            pass


def _noticing(original, position):
    @functools.wraps(original)
    def load(*args, **kwargs):
        try:
            path = kwargs.get("filepath", args[position] if len(args) > position else None)
            if keras_fit.innermost() is None and of_earlier_attempt(path):
                places.resumes_itself(f"it loads {place.relative(os.fspath(path))}")
        except Exception as error:
            events.complain(error)
        return original(*args, **kwargs)

    return load


def of_earlier_attempt(path):
    """Whether a file, or the index of a checkpoint of TensorFlow's, was written by an earlier attempt of this trial."""
    if int(os.environ.get("HONE_ATTEMPT") or 1) == 1 or not isinstance(path, (str, os.PathLike)):
        return False
    first = _written(os.path.join(checkpoints.folder(), _MARK))
    written = _written(path) or _written(os.fspath(path) + ".index")
    return first is not None and written is not None and first <= written < _began


def _written(path):
    try:
        return os.stat(path).st_mtime
    except OSError:
        return None
