"""Reports what `cross_val_score` and `cross_validate` answer when the user's own code calls them: the mean over the folds."""

import functools
import sys

from . import events, place, sklearn_fit
from .imports import after_import

_PREFIX = "test_"


def listen(report):
    """@param report (frame, name, value, split) reports a metric"""
    after_import("sklearn.model_selection._validation", functools.partial(_patch, report))


def _patch(report, module):
    for name, scores_of in (("cross_val_score", _one), ("cross_validate", _several)):
        original = getattr(module, name, None)
        if original is not None:
            setattr(module, name, _reporting(original, scores_of, report))


def _reporting(original, scores_of, report):
    @functools.wraps(original)
    def wrapper(*args, **kwargs):
        value = original(*args, **kwargs)
        try:
            frame = sys._getframe(1)
            if place.is_user_file(frame.f_code.co_filename):
                estimator = args[0] if args else kwargs["estimator"]
                for name, scores in scores_of(estimator, kwargs.get("scoring"), value):
                    name, mean = sklearn_fit.signed(name, float(scores.mean()))
                    report(frame, name, mean, "validation", folds=[float(one) for one in scores[:50]])
        except Exception as error:
            events.complain(error)
        return value

    return wrapper


def _one(estimator, scoring, value):
    return [(sklearn_fit.scoring_name(estimator, scoring), value)]


def _several(estimator, scoring, value):
    for key in value:
        if key == "test_score":
            yield sklearn_fit.scoring_name(estimator, scoring), value[key]
        elif key.startswith(_PREFIX):
            yield key[len(_PREFIX) :], value[key]
