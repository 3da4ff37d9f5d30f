"""What of a transformers' Trainer is saved and restored."""

import dataclasses
import json
import os
import re
import shutil
import sys

from . import attributes, events, randomness, transformers_progress

#: Where the Trainer looks for its own state.
FILE = "trainer_state.json"
_CHECKPOINT = re.compile(r"^checkpoint-(\d+)$")
_LIBRARIES = ("transformers", "torch", "peft", "trl", "accelerate")
#: What `train` itself sets, and sets back.
_OWN = {"is_in_train"}


def read(path):
    torch = sys.modules["torch"]
    try:
        return torch.load(path, map_location="cpu", weights_only=False)
    except TypeError:
        # Before torch 1.13.
        return torch.load(path, map_location="cpu")


def versions(trainer):
    """How often the frozen parameters have been changed so far: those that stay as they are need not be saved."""
    return {name: value._version for name, value in trainer.model.named_parameters() if not value.requires_grad}


def _weights(model, baseline):
    parameters = dict(model.named_parameters())
    found = {}
    for name, value in model.state_dict().items():
        own = parameters.get(name)
        if own is None or own.requires_grad or baseline.get(name) != own._version:
            found[name] = value
    return found


def capture(trainer, baseline):
    """@param baseline as of `versions`, when the training began"""
    scaler = getattr(trainer.accelerator, "scaler", None)
    names = set(vars(sys.modules["torch"].nn.Module()))
    return {
        "weights": _weights(trainer.model, baseline),
        "optimizer": trainer.optimizer.state_dict() if trainer.optimizer is not None else None,
        "scheduler": trainer.lr_scheduler.state_dict() if trainer.lr_scheduler is not None else None,
        "scaler": scaler.state_dict() if scaler is not None else None,
        "loss": transformers_progress.loss_tensor(trainer),
        "step": trainer.state.global_step,
        "state": _plain_state(trainer),
        "flags": attributes.flags(trainer.model),
        "attributes": attributes.capture(_objects(trainer), names | _OWN),
        "callbacks": {key: one.state() for key, one in _exportable(trainer).items()},
    }


def trainer_state(trainer):
    """@returns the file that the Trainer would write"""
    return json.dumps(_plain_state(trainer), default=float).encode()


def _plain_state(trainer):
    state = dataclasses.asdict(trainer.state)
    stateful = state.get("stateful_callbacks")
    if isinstance(stateful, dict):
        for key, one in _exportable(trainer).items():
            kind, _, index = key.partition(" ")
            if isinstance(stateful.get(kind), list) and int(index) < len(stateful[kind]):
                stateful[kind][int(index)] = one.state()
            elif kind in stateful:
                stateful[kind] = one.state()
    return state


def prepare(trainer, saved):
    """Before train has begun.

    @returns why it cannot be gone on from; None when it can
    """
    best = saved["state"].get("best_model_checkpoint")
    if best and not os.path.isdir(os.path.dirname(best) or "."):
        return "the folder of its best model, %s, is gone" % os.path.dirname(best)
    own, given = trainer.model.state_dict(), saved["weights"]
    for name in given:
        if name in own and own[name].shape != given[name].shape:
            return "%s has another shape" % name
    weights = {name: own[name].detach().clone() for name in given if name in own}
    saved["initial"] = (weights, trainer.optimizer, trainer.lr_scheduler, randomness.capture())
    return None


def _remove_later(folder, step, manifest):
    """Checkpoints of steps that are taken again would count where the Trainer keeps the newest few."""
    moment = os.path.getmtime(manifest)
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        found, path = _CHECKPOINT.match(name), os.path.join(folder, name)
        if found and int(found.group(1)) > step and os.path.getmtime(path) > moment:
            shutil.rmtree(path, ignore_errors=True)


def restore(trainer, saved, path):
    """Right before the callbacks hear that the training begins.

    @param path of the checkpoint's folder
    @throws when it does not fit
    """
    trainer.model.load_state_dict(saved["weights"], strict=False)
    trainer.optimizer.load_state_dict(saved["optimizer"])
    trainer.lr_scheduler.load_state_dict(saved["scheduler"])
    if saved["scaler"] is not None:
        trainer.accelerator.scaler.load_state_dict(saved["scaler"])
    _remove_later(trainer.args.output_dir, saved["step"], os.path.join(path, "manifest.json"))
    saved.update(weights=None, optimizer=None, initial=None)


def put_back(trainer, saved):
    """Undoes a restoring that failed, as far as it came."""
    try:
        weights, trainer.optimizer, trainer.lr_scheduler, random = saved["initial"]
        if trainer.model_init is None:
            trainer.model.load_state_dict(weights, strict=False)
        randomness.restore(random)
    except Exception as error:
        events.complain(error)


def restore_rest(trainer, saved):
    """After the callbacks have heard that the training begins."""
    attributes.restore(_objects(trainer), saved["attributes"])
    attributes.set_flags(trainer.model, saved["flags"])
    loss = transformers_progress.loss_tensor(trainer)
    if loss is not None and saved["loss"] is not None:
        loss.copy_(saved["loss"])
    exportable = _exportable(trainer)
    for key, state in saved["callbacks"].items():
        if key in exportable and not key.startswith("TrainerControl "):
            for name, value in {**state.get("args", {}), **state.get("attributes", {})}.items():
                setattr(exportable[key], name, value)


def restore_end(trainer, saved):
    """@returns what train answered"""
    kind = sys.modules["transformers.trainer_utils"].TrainOutput
    if trainer.model_init is not None:
        trainer.model = trainer.call_model_init()
        if trainer.place_model_on_device:
            trainer._move_model_to_device(trainer.model, trainer.args.device)
        trainer.model_wrapped = trainer.model
    trainer.model.load_state_dict(saved["weights"], strict=False)
    trainer.state = type(trainer.state)(**saved["state"])
    if saved["optimizer"] is not None:
        # A second call of train goes on with it.
        trainer.create_optimizer()
        trainer.optimizer.load_state_dict(saved["optimizer"])
    restore_rest(trainer, saved)
    return kind(*saved["output"])


def _objects(trainer):
    """What may hold a user's own state, by a name that is the same in each attempt."""
    found = {"trainer": trainer}
    for name, module in trainer.model.named_modules():
        if type(module).__module__.partition(".")[0] not in _LIBRARIES:
            found["model." + name] = module
    for index, callback in enumerate(trainer.callback_handler.callbacks):
        if type(callback).__module__.partition(".")[0] != "transformers":
            found["callback %d %s" % (index, type(callback).__name__)] = callback
    loader = transformers_progress.loader(trainer)
    for part in ("sampler", "batch_sampler.sampler", "base_dataloader", "dataset"):
        one = loader
        for name in part.split("."):
            one = getattr(one, name, None)
        found["loader " + part] = attributes.Generators(one)
    return found


def _exportable(trainer):
    """Callbacks that can tell their state, such as early stopping's: class and number among its like -> callback."""
    counts, found = {}, {}
    for one in trainer.callback_handler.callbacks + [trainer.control]:
        kind = type(one).__name__
        if hasattr(one, "state") and callable(one.state):
            found["%s %d" % (kind, counts.get(kind, 0))] = one
            counts[kind] = counts.get(kind, 0) + 1
    return found
