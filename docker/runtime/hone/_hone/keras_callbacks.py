"""What callbacks and data objects remember between epochs."""

import collections
import os
import random
import sys

#: Elements of one attribute at most, not counting those of arrays.
_MOST = 1 << 20


class _NotPlain(Exception):
    pass


def attributes(owner, arrays=True):
    """The attributes of an object that are numbers, texts, arrays, random generators, and lists or dicts of such.

    @param arrays False: of arrays only those of one dimension and whole numbers, such as an order
    """
    found = {}
    for name, value in vars(owner).items():
        try:
            found[name] = _plain(value, arrays, [_MOST])
        except _NotPlain:
            continue
    return found


def restore_attributes(owner, saved):
    """Lists, dicts and random generators are changed in their place, since others may hold them too."""
    for name, value in saved.items():
        own = vars(owner).get(name)
        if type(own) is not type(value):
            vars(owner)[name] = value
        elif isinstance(own, list):
            own[:] = value
        elif isinstance(own, dict):
            own.clear()
            own.update(value)
        elif isinstance(own, random.Random):
            own.setstate(value.getstate())
        elif hasattr(own, "bit_generator"):
            own.bit_generator.state = value.bit_generator.state
        elif hasattr(own, "set_state"):
            own.set_state(value.get_state())
        else:
            vars(owner)[name] = value


def _plain(value, arrays, left):
    left[0] -= 1
    if left[0] < 0:
        raise _NotPlain
    if value is None or type(value) in (int, float, bool, str, bytes, complex):
        return value
    if type(value) in (list, tuple, set, collections.deque):
        return type(value)([_plain(one, arrays, left) for one in value])
    if type(value) in (dict, collections.OrderedDict, collections.defaultdict):
        if getattr(value, "default_factory", None) not in (None, int, float, list, dict):
            raise _NotPlain
        copy = value.copy()
        for key, one in value.items():
            copy[_plain(key, arrays, left)] = _plain(one, arrays, left)
        return copy
    if isinstance(value, random.Random):
        return value
    return _of_others(value, arrays)


def _of_others(value, arrays):
    numpy = sys.modules.get("numpy")
    if isinstance(value, numpy.ndarray):
        if value.dtype.hasobject or not (arrays or (value.ndim == 1 and value.dtype.kind in "iu")):
            raise _NotPlain
        return value
    if isinstance(value, (numpy.generic, numpy.random.Generator, numpy.random.RandomState)):
        return value
    # Such as `numpy.less`, by which a callback compares.
    module = getattr(value, "__module__", None) or ""
    home = sys.modules.get(module)
    if callable(value) and getattr(home, getattr(value, "__name__", ""), None) is value and not isinstance(value, type):
        if module.split(".")[0] in ("keras", "tf_keras", "numpy", "operator"):
            return value
    if isinstance(value, numpy.ufunc) and getattr(numpy, value.__name__, None) is value:
        return value
    raise _NotPlain


#: Of these nothing is kept: `History` is kept by itself.
_SKIPPED = ("History", "ProgbarLogger", "BaseLogger")


def _own(callbacks):
    return [one for one in callbacks if type(one).__name__ not in _SKIPPED]


def capture(callbacks):
    """The states of a training's callbacks, in their order."""
    return [
        {"class": type(one).__qualname__, "attributes": attributes(one), "bytes": _written(one)} for one in _own(callbacks)
    ]


def prepare(callbacks, saved):
    """Before a training that goes on begins: keeps CSVLogger from emptying its file.

    @returns what undoes it: `undo(anew)`, where `anew` has it empty the file after all
    """
    held = []
    for one, state in zip(_own(callbacks), saved):
        if state["class"] == type(one).__qualname__ and state["bytes"] is not None and os.path.isfile(one.filename):
            held.append((one, {name: vars(one)[name] for name in ("append", "append_header") if name in vars(one)}))
            one.append = True

    def undo(anew=False):
        for one, given in held:
            one.append = given["append"]
            if anew and getattr(one, "csv_file", None) is not None:
                one.csv_file.close()
                vars(one).update(given)
                one.on_train_begin()
        held.clear()

    return undo


def restore(callbacks, saved):
    """@returns whether they are those that were saved"""
    own = _own(callbacks)
    for one, state in zip(own, saved):
        if state["class"] != type(one).__qualname__:
            return False
        kept = dict(state["attributes"])
        if state["bytes"] is not None:
            kept.pop("append", None)
            kept["append_header"] = not state["bytes"]
            # Rows that came after the checkpoint come again.
            if os.path.isfile(one.filename):
                os.truncate(one.filename, min(os.path.getsize(one.filename), state["bytes"]))
        restore_attributes(one, kept)
    return len(own) == len(saved)


def _written(callback):
    """How far CSVLogger has written its file, in bytes."""
    if type(callback).__name__ != "CSVLogger":
        return None
    return os.path.getsize(callback.filename) if os.path.isfile(callback.filename) else None
