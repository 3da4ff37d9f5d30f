"""What is known of an estimator of scikit-learn once the user's own code has fitted it, and that a fit begins anew."""

import functools
import os
import sys

from . import events, place, places, sections
from .imports import after_import

#: Epochs of one fit that are told.
_MOST = 1000

_said = False


def listen(report):
    """@param report (frame, name, value, split) reports a metric"""
    after_import("sklearn.base", functools.partial(_patch_base, report))


def _patch_base(report, base):
    # What each fit and partial_fit is decorated with since 1.3.
    original = getattr(base, "_fit_context", None)
    if original is None:
        return

    @functools.wraps(original)
    def _fit_context(*args, **kwargs):
        decorate = original(*args, **kwargs)

        def decorator(method):
            fit = decorate(method)
            return _observed(fit, report) if method.__name__ == "fit" else fit

        return decorator

    base._fit_context = _fit_context


def _observed(fit, report):
    @functools.wraps(fit)
    def wrapper(estimator, *args, **kwargs):
        frame = sys._getframe(1)
        if not place.is_user_file(frame.f_code.co_filename):
            return fit(estimator, *args, **kwargs)
        try:
            _say(estimator)
        except Exception as error:
            events.complain(error)
        result = fit(estimator, *args, **kwargs)
        try:
            _look(estimator, functools.partial(report, frame))
        except Exception as error:
            events.complain(error)
        return result

    return wrapper


def _say(estimator):
    """That a fit begins anew, once, after a crash."""
    global _said
    attempt = os.environ.get("HONE_ATTEMPT", "1")
    if _said or attempt in ("", "1") or places.gone_on() or not hasattr(type(estimator), "predict"):
        return
    last = estimator.steps[-1][1] if getattr(estimator, "steps", None) else estimator
    # The others in a pipeline may go on by themselves, as XGBoost does.
    if not type(last).__module__.startswith("sklearn."):
        return
    _said = True
    name = type(estimator).__name__
    events.warn("starts-anew", f"{name}.fit begins anew: scikit-learn keeps no state in the middle of a fit.")


def _look(estimator, report):
    if hasattr(estimator, "best_score_") and hasattr(estimator, "cv_results_"):
        best = getattr(estimator, "best_index_", None)
        folds = [] if best is None else _folds(estimator.cv_results_, best)
        name, value = signed(scoring_name(estimator, _scoring_of(estimator)), estimator.best_score_)
        report(name, value, "validation", folds=folds)
    if getattr(estimator, "oob_score", False) and hasattr(estimator, "oob_score_"):
        report(scoring_name(estimator, None), estimator.oob_score_, "validation")
    losses = getattr(estimator, "loss_curve_", None)
    # With warm_start a fit is one epoch of the user's own loop.
    if isinstance(losses, list) and not getattr(estimator, "warm_start", False):
        _epochs(losses, getattr(estimator, "validation_scores_", None), scoring_name(estimator, None))


def _epochs(losses, scores, name):
    every = -(-len(losses) // _MOST)
    for step, loss in enumerate(losses, 1):
        if step % every and step != len(losses):
            continue
        metrics = {"train_loss": loss}
        if scores is not None and step <= len(scores):
            metrics["val_" + name] = scores[step - 1]
        sections.report(step, metrics, len(losses))


def scoring_name(estimator, scoring):
    """What a score measures: the name that was asked for, or what the estimator's own `score` answers."""
    from sklearn.base import is_classifier, is_regressor

    if isinstance(scoring, str):
        return scoring
    if scoring is not None:
        return getattr(scoring, "__name__", None) or "score"
    return "accuracy" if is_classifier(estimator) else "r2" if is_regressor(estimator) else "score"


def signed(name, value):
    """`neg_mean_squared_error`, which is to be greater, as the error that it is."""
    return (name[4:], -value) if name.startswith("neg_") else (name, value)


def _scoring_of(search):
    refit = getattr(search, "refit", True)
    # Of several scores, the one that the best is chosen by.
    return refit if isinstance(refit, str) else search.scoring


def _folds(results, best):
    names = [name for name in results if name.startswith("split") and "_test_" in name]
    return [float(results[name][best]) for name in names[:50]]
