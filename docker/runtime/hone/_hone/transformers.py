"""transformers' Trainer: train reports its epochs and goes on where it was; evaluate and predict report what they find."""

import functools
import inspect
import re
import sys

from . import events, place, places, source, transformers_progress, transformers_train
from .imports import after_import

_SPLITS = {"eval": "validation", "test": "test", "train": "train", "val": "validation", "dev": "validation"}
_KEYWORD = re.compile(r"\b(eval|test)_dataset\s*=")
_KEY = re.compile(r"\[\s*[\"'](\w+)[\"']\s*\]")


def listen():
    after_import("transformers.trainer", _patch)


def _patch(module):
    trainer = module.Trainer
    _wrap(trainer, "train", _train)
    _wrap(trainer, "evaluate", functools.partial(_evaluate, "eval"))
    _wrap(trainer, "predict", functools.partial(_evaluate, "test"))
    handler = sys.modules["transformers.trainer_callback"].CallbackHandler
    for name in ("on_train_begin", "on_epoch_begin", "on_step_begin", "on_epoch_end"):
        _wrap(handler, name, functools.partial(_on, name))


def _wrap(owner, name, wrapper):
    """Replaces a method: `wrapper(original, self, *args, **kwargs)`."""
    original = vars(owner).get(name)
    if original is None:
        return

    @functools.wraps(original)
    def wrapped(self, *args, **kwargs):
        return wrapper(original, self, *args, **kwargs)

    setattr(owner, name, wrapped)


def _on(name, original, handler, *args, **kwargs):
    """Before the script's own callbacks hear of it."""
    train = transformers_train.of(handler)
    if train is not None:
        getattr(train, name)()
    return original(handler, *args, **kwargs)


def _train(original, trainer, *args, **kwargs):
    train = None
    try:
        if places.usable() and not transformers_train.running():
            bound = inspect.signature(original).bind(trainer, *args, **kwargs)
            train = transformers_train.Train(trainer, _why_not(trainer, bound.arguments))
    except Exception as error:
        events.complain(error)
    if train is None:
        return original(trainer, *args, **kwargs)
    try:
        if train.resuming:
            try:
                found = train.result()
                if found is not None:
                    return found
                bound.arguments["resume_from_checkpoint"] = train.folder
                result = original(*bound.args, **bound.kwargs)
                train.finish(result)
                return result
            except Exception as error:
                if not train.resuming:
                    raise
                # It has not come to its first step: whatever is wrong, it begins anew, and a fault of the script shows again.
                train.give_up(error)
        result = original(trainer, *args, **kwargs)
        train.finish(result)
        return result
    finally:
        train.leave()


def _why_not(trainer, arguments):
    """Why no checkpoint of this training can be kept; None when it can, an empty text when that goes without saying."""
    # It resumes by itself: own.py sees the file that it loads.
    if arguments.get("resume_from_checkpoint") or arguments.get("kwargs", {}).get("model_path"):
        return ""
    if arguments.get("trial") is not None:
        return ""
    several = getattr(trainer.args, "world_size", 1) > 1
    others = [name for name in ("deepspeed", "fsdp", "fsdp_xla") if getattr(trainer, "is_%s_enabled" % name, False)]
    if several or others:
        return "it runs in several processes" if several else "it runs with %s" % others[0]
    return None


def _evaluate(prefix, original, trainer, *args, **kwargs):
    found = original(trainer, *args, **kwargs)
    try:
        frame = sys._getframe(2)
        if place.is_user_file(frame.f_code.co_filename) and not trainer.is_in_train:
            prefix = inspect.signature(original).bind(trainer, *args, **kwargs).arguments.get("metric_key_prefix", prefix)
            metrics = found if isinstance(found, dict) else found.metrics
            _report(frame, prefix, metrics or {})
    except Exception as error:
        events.complain(error)
    return found


def _report(frame, prefix, metrics):
    split = _split(frame) or _SPLITS.get(prefix.partition("_")[0])
    where = {"file": place.relative(frame.f_code.co_filename), "line": frame.f_lineno}
    for name, value in metrics.items():
        bare = name[len(prefix) + 1 :] if name.startswith(prefix + "_") else name
        if isinstance(value, (int, float)) and not transformers_progress.NOT_METRICS.search(bare):
            events.emit("metric", name=bare, value=float(value), step=None, split=split, **where)


def _split(frame):
    """Of `evaluate(eval_dataset=data["test"])` the data set's name counts, and not the argument's."""
    call = source._call_text(frame)[0]
    return source._only(_KEY.sub(r" \1 ", _KEYWORD.sub("", call[call.find("(") + 1 :])))
