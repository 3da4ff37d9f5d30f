"""Reports what `evaluate` answers when the user's own code calls it."""

import functools
import sys
import weakref

from . import events, place, source

#: Model -> (kind of data, weak reference to it) of its last `fit`.
_trained = weakref.WeakKeyDictionary()


def trained_on(model, x, validation):
    """To be told of each `fit`."""
    known = []
    inner = validation[0] if isinstance(validation, (tuple, list)) and validation else validation
    for split, data in (("train", x), ("validation", inner)):
        try:
            known.append((split, weakref.ref(data)))
        except TypeError:
            continue
    _trained[model] = known


def reporting(original):
    @functools.wraps(original)
    def evaluate(self, *args, **kwargs):
        answer = original(self, *args, **kwargs)
        try:
            frame = sys._getframe(1)
            if frame.f_code.co_name == "evaluate_generator":
                frame = frame.f_back
            if place.is_user_file(frame.f_code.co_filename):
                _report(self, frame, args[0] if args else kwargs.get("x"), answer)
        except Exception as error:
            events.complain(error)
        return answer

    return evaluate


def _report(model, frame, x, answer):
    values = answer if isinstance(answer, dict) else _named(model, answer)
    split = source.split_of_call(frame) or _split_of(model, x)
    for name, value in values.items():
        if getattr(value, "shape", ()) not in ((), (1,)):
            continue
        fields = {
            "name": str(name),
            "value": float(value),
            "step": None,
            "file": place.relative(frame.f_code.co_filename),
            "line": frame.f_lineno,
        }
        if split is not None:
            fields["split"] = split
        events.emit("metric", **fields)


def _named(model, answer):
    if hasattr(model, "get_metrics_result"):
        return model.get_metrics_result()
    return dict(zip(model.metrics_names, answer if isinstance(answer, list) else [answer]))


def _split_of(model, x):
    """By the data: what `fit` was not given is a test. None before any `fit`."""
    known = _trained.get(model)
    if known is None:
        return None
    return next((split for split, data in known if data() is x), "test")
