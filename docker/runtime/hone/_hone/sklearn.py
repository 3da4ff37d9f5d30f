"""Reports what scikit-learn's metrics and scores answer when the user's own code calls them."""

import functools
import sys

from . import events, place, places, sklearn_fit, sklearn_validation, source
from .imports import after_import

#: Module of scikit-learn -> its functions -> the metric's name.
_FUNCTIONS = {
    "sklearn.metrics._classification": {
        "accuracy_score": "accuracy",
        "balanced_accuracy_score": "balanced_accuracy",
        "f1_score": "f1",
        "precision_score": "precision",
        "recall_score": "recall",
        "log_loss": "log_loss",
    },
    "sklearn.metrics._ranking": {"roc_auc_score": "roc_auc"},
    "sklearn.metrics._regression": {
        "r2_score": "r2",
        "mean_squared_error": "mse",
        "root_mean_squared_error": "rmse",
        "mean_absolute_error": "mae",
    },
}
#: Module -> its classes that have a `score` of their own.
_CLASSES = {
    "sklearn.base": ("ClassifierMixin", "RegressorMixin"),
    "sklearn.pipeline": ("Pipeline",),
    "sklearn.model_selection._search": ("BaseSearchCV",),
}


def listen():
    for module, functions in _FUNCTIONS.items():
        after_import(module, functools.partial(_wrap_functions, functions))
    for module, classes in _CLASSES.items():
        after_import(module, functools.partial(_wrap_scores, classes))
    sklearn_fit.listen(report)
    sklearn_validation.listen(report)


def _wrap_functions(functions, module):
    for function, metric in functions.items():
        original = getattr(module, function, None)
        if original is not None:
            setattr(module, function, _reporting(original, functools.partial(_function_name, metric)))


def _wrap_scores(classes, module):
    for name in classes:
        cls = getattr(module, name, None)
        score = vars(cls).get("score") if cls is not None else None
        if score is None:
            continue
        if hasattr(score, "fn"):
            # A descriptor that hides the method where the last step has none.
            score.fn = _reporting(score.fn, _score_name)
        else:
            setattr(cls, "score", _reporting(score, _score_name))


def _reporting(original, name_of):
    """`original`, with its answer reported when a file of the user calls it. Only the report may fail."""

    @functools.wraps(original)
    def wrapper(*args, **kwargs):
        value = original(*args, **kwargs)
        try:
            frame = sys._getframe(1)
            if place.is_user_file(frame.f_code.co_filename):
                report(frame, name_of(args, kwargs), value)
        except Exception as error:
            events.complain(error)
        return value

    return wrapper


def report(frame, name, value, split=None, **more):
    """Reports a metric that the user's frame computes. @param split when it is known; else as the source says"""
    # Some answer one value a class, or a count.
    if name is None or getattr(value, "shape", ()) != () or isinstance(value, (list, tuple, dict)):
        return
    fields = {
        "name": name,
        "value": float(value),
        "step": _step(),
        "file": place.relative(frame.f_code.co_filename),
        "line": frame.f_lineno,
    }
    split = split or source.split_of_call(frame)
    if split is not None:
        fields["split"] = split
    events.emit("metric", **fields, **more)


def _step():
    """The epoch that is under way, counted from 1; None outside of a loop over epochs."""
    inside = places.innermost()
    return inside.index + 1 if inside is not None and getattr(inside, "epochs", None) else None


def _function_name(metric, args, kwargs):
    # A count, not a share.
    return None if kwargs.get("normalize") is False else metric


def _score_name(args, kwargs):
    """What an estimator's own `score` measures."""
    return sklearn_fit.scoring_name(args[0], getattr(args[0], "scoring", None))
