"""Lightning (`lightning` and `pytorch_lightning`): fit reports its epochs and goes on where it was, test and validate report."""

import functools
import inspect
import sys

from . import events, lightning_fit, lightning_hooks, place, places, source
from .imports import after_import

_ROOTS = ("lightning.pytorch", "pytorch_lightning")
#: Callbacks that train in the middle of preparing, and put back what was before.
_FINDERS = ("LearningRateFinder", "BatchSizeFinder")


def listen():
    for root in _ROOTS:
        after_import(root + ".trainer.trainer", functools.partial(_patch, root))


def _patch(root, module):
    trainer = module.Trainer
    _wrap(trainer, "_fit_impl", _fit)
    _wrap(trainer, "_test_impl", functools.partial(_evaluate, "test"))
    _wrap(trainer, "_validate_impl", functools.partial(_evaluate, "validation"))
    lightning_hooks.patch(root, module, _wrap)


def _wrap(owner, name, wrapper):
    """Replaces a method: `wrapper(original, self, *args, **kwargs)`."""
    original = vars(owner).get(name)
    if original is None:
        return

    @functools.wraps(original)
    def wrapped(self, *args, **kwargs):
        return wrapper(original, self, *args, **kwargs)

    setattr(owner, name, wrapped)


def _fit(original, trainer, *args, **kwargs):
    fit = None
    try:
        if places.usable() and not _tunes(trainer) and not lightning_fit.running():
            given = inspect.signature(original).bind(trainer, *args, **kwargs).arguments.get("ckpt_path")
            fit = lightning_fit.Fit(trainer, _why_not(trainer, given))
    except Exception as error:
        events.complain(error)
    if fit is None:
        return original(trainer, *args, **kwargs)
    try:
        result = original(trainer, *args, **kwargs)
        fit.finish()
        return result
    finally:
        fit.leave()


def _tunes(trainer):
    """Whether the Tuner calls fit only to find a learning rate or batch size."""
    return any(getattr(callback, "_early_exit", False) for callback in trainer.callbacks)


def _why_not(trainer, ckpt_path):
    """Why no checkpoint of this training can be kept; None when it can, an empty text when that goes without saying."""
    connector = trainer._checkpoint_connector
    names = [base.__name__ for callback in trainer.callbacks for base in type(callback).__mro__]
    # It resumes by itself: own.py sees the file that it loads.
    if ckpt_path is not None or connector._user_managed or "OnExceptionCheckpoint" in names:
        return ""
    if trainer.fast_dev_run:
        return ""
    if type(trainer.strategy).__name__ != "SingleDeviceStrategy" or trainer.world_size > 1:
        return "it runs in several processes or with the strategy %s" % type(trainer.strategy).__name__
    found = [name for name in names if name in _FINDERS]
    return "%s trains before the training begins" % found[0] if found else None


def _evaluate(split, original, trainer, *args, **kwargs):
    results = original(trainer, *args, **kwargs)
    try:
        _report(split, results)
    except Exception as error:
        events.complain(error)
    return results


def _report(split, results):
    frame = sys._getframe(1)
    while frame is not None and not place.is_user_file(frame.f_code.co_filename):
        frame = frame.f_back
    where = {}
    if frame is not None:
        split = source.split_of_call(frame) or split
        where = {"file": place.relative(frame.f_code.co_filename), "line": frame.f_lineno}
    for metrics in results or []:
        for name, value in metrics.items():
            if len(results) == 1:
                name = name.partition("/dataloader_idx_")[0]
            events.emit("metric", name=name, value=float(value), step=None, split=split, **where)
