"""Reports scores that a script computes with scikit-learn, when the script's own code asks for them."""
import functools
import importlib.abc
import importlib.machinery
import linecache
import os
import re
import sys

from . import events

SCORES = {
    "accuracy_score": "accuracy",
    "balanced_accuracy_score": "balanced_accuracy",
    "f1_score": "f1",
    "precision_score": "precision",
    "recall_score": "recall",
    "roc_auc_score": "auc",
    "r2_score": "r2",
}
SPLITS = (
    ("test", re.compile(r"test|holdout|hold_out", re.I)),
    ("validation", re.compile(r"val(id|_|\b|idation)|dev_|_dev", re.I)),
    ("train", re.compile(r"train", re.I)),
)


def split_of(code):
    """The part of the data that a line of source speaks of; None when it names none, or more than one."""
    arguments = code[code.find("(") :]
    named = [split for split, pattern in SPLITS if pattern.search(arguments)]
    return named[0] if len(named) == 1 else None


def caller(root):
    """(file relative to root, line, source line) of the function's caller when that is the user's own code, else None."""
    frame = sys._getframe(2)
    file = os.path.abspath(frame.f_code.co_filename)
    if not file.startswith(root + os.sep):
        return None
    return os.path.relpath(file, root), frame.f_lineno, linecache.getline(file, frame.f_lineno)


def watched(function, name, root):
    """The function, whose result is reported when the user's own code calls it."""

    @functools.wraps(function)
    def call(*args, **kwargs):
        result = function(*args, **kwargs)
        try:
            place = caller(root)
            if place is not None:
                file, line, code = place
                events.emit_metric(name, result, split_of(code), file, line)
        except Exception as error:
            events.warn_once(error)
        return result

    return call


def watch_metrics(module, root):
    for function, name in SCORES.items():
        if hasattr(module, function):
            setattr(module, function, watched(getattr(module, function), name, root))


def watch_estimators(module, root):
    for mixin, name in (("ClassifierMixin", "accuracy"), ("RegressorMixin", "r2")):
        if hasattr(module, mixin):
            kind = getattr(module, mixin)
            kind.score = watched(kind.score, name, root)


class AfterImport(importlib.abc.MetaPathFinder):
    """Calls a function with each of some modules, once, right after it was imported."""

    def __init__(self, actions):
        self.actions = dict(actions)

    def find_spec(self, name, path, target=None):
        action = self.actions.pop(name, None)
        if action is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def run_then_act(module):
            run(module)
            try:
                action(module)
            except Exception as error:
                events.warn_once(error)

        spec.loader.exec_module = run_then_act
        return spec


def install():
    root = os.getcwd()
    actions = {
        "sklearn.metrics": lambda module: watch_metrics(module, root),
        "sklearn.base": lambda module: watch_estimators(module, root),
    }
    sys.meta_path.insert(0, AfterImport(actions))
