"""What of a Lightning trainer is saved and restored: its own checkpoint, and what is in none of Lightning's."""

import copy
import os
import sys

from . import attributes, events

#: A moment of a clock, which another process does not share.
_CLOCKS = {"_last_time_checked"}
#: Lightning's own callbacks beyond these have all of their state in `state_dict`.
_WHOLE_CALLBACKS = ("EarlyStopping", "ModelCheckpoint")
_METRICS = ("_callback_metrics", "_logged_metrics", "_progress_bar_metrics")
_CSV_LIMIT = 1 << 26


def read(path):
    torch = sys.modules["torch"]
    try:
        return torch.load(path, map_location="cpu", weights_only=False)
    except TypeError:
        # Before torch 1.13.
        return torch.load(path, map_location="cpu")


def capture(trainer):
    model, datamodule = trainer.lightning_module, trainer.datamodule
    checkpoint = trainer._checkpoint_connector.dump_checkpoint(False)
    for one in (model, datamodule):
        # The script gives them again, and not all of them can be pickled.
        for key in ("CHECKPOINT_HYPER_PARAMS_KEY", "CHECKPOINT_HYPER_PARAMS_NAME", "CHECKPOINT_HYPER_PARAMS_TYPE"):
            checkpoint.pop(getattr(one, key, None), None)
    connector = trainer._logger_connector
    return {
        "checkpoint": checkpoint,
        "attributes": attributes.capture(_objects(trainer), _frameworks_own(trainer)),
        "flags": attributes.flags(model),
        "metrics": {name: dict(getattr(connector, name)) for name in _METRICS},
        "should_stop": trainer.should_stop,
        "reloaded": trainer.fit_loop._last_train_dl_reload_epoch,
        "loggers": [_logger_state(logger) for logger in trainer.loggers],
    }


def prepare(trainer, saved, path):
    """Before anything of fit has run.

    @param path of the checkpoint's folder
    @returns why it cannot be gone on from; None when it can
    """
    for state in saved["checkpoint"].get("callbacks", {}).values():
        best = state.get("best_model_path") if isinstance(state, dict) else None
        if best and "://" not in best and not os.path.isdir(os.path.dirname(best)):
            return "the folder of its best model, %s, is gone" % os.path.dirname(best)
    for logger, state in zip(trainer.loggers, saved["loggers"]):
        # Else it would take the next version, and the model's checkpoints another folder.
        if state.get("version") is not None and getattr(logger, "_experiment", None) is None:
            logger._version = state["version"]
    written = os.path.getmtime(os.path.join(path, "manifest.json"))
    folders = {os.path.dirname(path) for path in _paths(saved["checkpoint"].get("callbacks", {}))}
    saved["lost"] = {one for folder in folders for one in _newer(folder, written)}
    return None


def _paths(callbacks):
    states = [state for state in callbacks.values() if isinstance(state, dict)]
    found = [state.get(name) for state in states for name in ("best_model_path", "last_model_path")]
    found += [os.path.join(state["dirpath"], "") for state in states if state.get("dirpath")]
    return [str(one) for one in found if one]


def _newer(folder, moment):
    """Files that were written after a checkpoint was: the epochs that they belong to are trained again."""
    try:
        paths = [os.path.join(os.path.realpath(folder), name) for name in os.listdir(folder)]
        return [path for path in paths if os.path.getmtime(path) > moment]
    except OSError:
        return []


def keep_initial(trainer, saved):
    """Keeps what restoring overwrites, and looks whether the weights fit.

    @throws ValueError when they do not
    """
    model = trainer.lightning_module
    own, given = trainer.strategy.lightning_module_state_dict(), saved["checkpoint"]["state_dict"]
    for name, value in given.items():
        shape = getattr(own.get(name), "shape", None)
        if shape is not None and shape != getattr(value, "shape", None):
            raise ValueError("%s has another shape" % name)
    saved["initial"] = {
        "weights": {name: one.detach().clone() for name, one in model.state_dict().items() if hasattr(one, "clone")},
        "loops": copy.deepcopy(trainer.fit_loop.state_dict()),
        "callbacks": [copy.deepcopy(callback.state_dict()) for callback in trainer.callbacks],
    }


def put_back(trainer, saved):
    """Undoes a restoring that failed, as far as it came."""
    trainer._checkpoint_connector._loaded_checkpoint = {}
    initial = saved.get("initial")
    if initial is None:
        return
    try:
        trainer.lightning_module.load_state_dict(initial["weights"], strict=False)
        for callback, state in zip(trainer.callbacks, initial["callbacks"]):
            if state:
                callback.load_state_dict(state)
        trainer.fit_loop.load_state_dict(initial["loops"])
        clear_flags(trainer.fit_loop)
        if trainer.optimizers:
            trainer.strategy.setup_optimizers(trainer)
    except Exception as error:
        events.complain(error)


def clear_flags(loop):
    """A loop that goes on from a checkpoint behaves as one that has just finished an epoch."""
    loop._restarting = False
    loop._loaded_from_state_dict = False
    loop._resuming_from_checkpoint = False
    reset = getattr(loop, "reset_restart_stage", None)
    if reset is not None:
        reset()
    for inner in list(vars(loop).values()):
        if hasattr(inner, "_restarting") and inner is not loop:
            clear_flags(inner)


def restore_rest(trainer, saved):
    """After all hooks before the first epoch."""
    attributes.restore(_objects(trainer), saved["attributes"])
    attributes.set_flags(trainer.lightning_module, saved["flags"])
    connector = trainer._logger_connector
    for name, values in saved["metrics"].items():
        setattr(connector, name, {key: _moved(value, trainer) for key, value in values.items()})
    trainer.fit_loop._last_train_dl_reload_epoch = saved["reloaded"]
    for logger, state in zip(trainer.loggers, saved["loggers"]):
        _restore_logger(logger, state)
    saved.pop("initial", None)
    saved["checkpoint"] = None
    if any(getattr(loader, "persistent_workers", False) for loader in _loaders(trainer)):
        events.warn(
            "resume-inexact",
            "The worker processes of a DataLoader with persistent_workers begin anew: random numbers that are drawn in "
            "them are others than they would have been.",
        )


def _moved(value, trainer):
    return value.to(trainer.strategy.root_device) if hasattr(value, "to") else value


def _loaders(trainer):
    loops = (trainer.fit_loop, trainer.fit_loop.epoch_loop.val_loop)
    combined = [getattr(loop, "_combined_loader", None) for loop in loops]
    return [loader for one in combined if one is not None for loader in one.flattened]


def _objects(trainer):
    """What may hold a user's own state, by a name that is the same in each attempt."""
    found = {}
    for name, module in trainer.lightning_module.named_modules():
        found["model." + name] = module
    found["datamodule"] = trainer.datamodule
    for index, callback in enumerate(trainer.callbacks):
        names = [base.__name__ for base in type(callback).__mro__]
        own = type(callback).__module__.partition(".")[0] not in ("lightning", "pytorch_lightning")
        if "ProgressBar" not in names and (own or any(name in names for name in _WHOLE_CALLBACKS)):
            found["callback %d %s" % (index, names[0])] = callback
    for index, loader in enumerate(_loaders(trainer)):
        # Generators of loaders, samplers and data sets.
        for part in ("", "sampler", "dataset"):
            found["loader %d %s" % (index, part)] = attributes.Generators(getattr(loader, part, None) if part else loader)
    return found


def _frameworks_own(trainer):
    """Names of attributes that torch and Lightning give each module: hooks, and what is only true in one process."""
    found = set(vars(sys.modules["torch"].nn.Module()))
    for one, name in ((trainer.lightning_module, "LightningModule"), (trainer.datamodule, "LightningDataModule")):
        base = [cls for cls in type(one).__mro__ if cls.__name__ == name]
        if base:
            found.update(vars(base[-1]()))
    return found | _CLOCKS


def _logger_state(logger):
    state = {"version": getattr(logger, "_version", None)}
    experiment = getattr(logger, "_experiment", None)
    path = getattr(experiment, "metrics_file_path", None)
    if path is not None and "://" not in path:
        state["metrics"] = list(experiment.metrics)
        state["keys"] = list(experiment.metrics_keys)
        if os.path.exists(path) and os.path.getsize(path) <= _CSV_LIMIT:
            with open(path, "rb") as file:
                state["csv"] = file.read()
    return state


def _restore_logger(logger, state):
    """A CSVLogger begins its file anew; what the attempts before have written comes first."""
    experiment = getattr(logger, "_experiment", None)
    path = getattr(experiment, "metrics_file_path", None)
    if path is None or "keys" not in state:
        return
    experiment.metrics, experiment.metrics_keys = state["metrics"], state["keys"]
    if "csv" in state:
        with open(path, "wb") as file:
            file.write(state["csv"])
