"""Reports the metrics that lie in a loop's variables at the end of an epoch, where their names read like metrics."""

import re
import time

from . import scopes, sections

_METRIC = re.compile(
    r"(?:^|_)(?:acc|accs|accuracy|accuracies|auc|aucs|f1|f1s|loss|losses|rmse|mse|mae|r2|precision|recall|iou|miou|dice|"
    r"bleu|perplexity|ppl|score|scores|error|errors)(?:_(?:history|hist|list|log|avg|mean|epoch))?$"
)
_PLURALS = {
    "losses": "loss", "accs": "acc", "accuracies": "accuracy", "aucs": "auc", "f1s": "f1", "scores": "score", "errors": "error",
}  # fmt: skip
#: Words that say nothing of the metric itself.
_FILLERS = {"history", "hist", "list", "log", "avg", "mean", "epoch"}
#: What is said of epochs before, not of the present one.
_OTHERS = re.compile(
    r"^(?:best|prev|previous|last|old|min|max|lowest|highest|running|total|cum|sum|target|batch|tmp)_|_(?:fn|func|sum)$"
)
_HISTORIES = {"history", "hist", "results", "logs", "metrics", "stats", "record"}
#: At most one report in so many seconds, and in this share of the time since the loop began.
_PAUSE = 0.005
_SHARE = 0.003
_names = {}


class Watch:
    def __init__(self, total):
        self._total = total
        self._began = self._last = time.monotonic()
        #: When there is something to report again, by time.monotonic.
        self.look_at = self._last + _PAUSE

    def look(self, frame, step, last=False):
        now = time.monotonic()
        if now < self.look_at and not last:
            return
        if step > 0:
            sections.report(step, found(scopes.variables(frame)), self._total, weak=True)
        self.look_at = time.monotonic() + max(_PAUSE, _SHARE * (now - self._began))


def found(variables):
    """name -> number"""
    metrics = {}
    for name, value in list(variables.items()):
        if name in _HISTORIES and type(value) is dict:
            for key, values in list(value.items())[:50]:
                _take(metrics, key, values)
        else:
            _take(metrics, name, value)
    return metrics


def _take(metrics, name, value):
    known = _names.get(name)
    if known is None:
        known = _names[name] = _as_metric(name)
    if known:
        number = _number(value)
        if number is not None:
            metrics[known] = number


def _as_metric(name):
    """The metric's name; empty for what reads like none."""
    if type(name) is not str or not _METRIC.search(name.lower()) or _OTHERS.search(name.lower()):
        return ""
    words = [word for word in name.lower().split("_") if word not in _FILLERS]
    return "_".join(_PLURALS.get(word, word) for word in words)


def _number(value):
    if type(value) in (list, tuple):
        value = value[-1] if value else None
    kind = type(value)
    if kind in (int, float):
        return float(value)
    if kind.__module__ in ("numpy", "torch") and getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        value = value.item()
        return float(value) if type(value) in (int, float) else None
    return None
