"""What a transformers' Trainer tells while it trains: the metrics of its log, its loss, and how many epochs its steps are."""

import re
import sys

from . import events

#: What the Trainer tells of itself, not of the model.
NOT_METRICS = re.compile(r"(^|_)(runtime|per_second|time|total_flos|tokens_seen|grad_norm|mem_\w+)$|^(epoch|step)$")
#: Collators that draw nothing at random.
_DETERMINISTIC = (
    "default_data_collator",
    "DefaultDataCollator",
    "DataCollatorWithPadding",
    "DataCollatorForTokenClassification",
    "DataCollatorForSeq2Seq",
    "DataCollatorWithFlattening",
)


def loss_tensor(trainer):
    """The loss since it was last logged; before version 5 a local variable of the loop."""
    torch = sys.modules["torch"]
    found = getattr(trainer, "_tr_loss", None)
    frame = sys._getframe(1)
    while found is None and frame is not None:
        if frame.f_code.co_name == "_inner_training_loop":
            found = frame.f_locals.get("tr_loss")
        frame = frame.f_back
    return found if isinstance(found, torch.Tensor) else None


def running_loss(trainer):
    """Of all steps added up; None where that cannot be told."""
    since, before = loss_tensor(trainer), getattr(trainer, "_total_loss_scalar", None)
    return None if since is None or before is None else before + float(since)


def logged(entries):
    """Lines of the Trainer's log as metrics: the last of each name counts."""
    found = {}
    for entry in entries:
        if "train_runtime" in entry:
            continue
        for name, value in entry.items():
            if isinstance(value, (int, float)) and not NOT_METRICS.search(name):
                found[{"loss": "train_loss", "learning_rate": "lr"}.get(name, name)] = value
    return found


def countable(trainer):
    """Whether the Trainer can tell from the number of steps how many batches of an epoch are done."""
    steps, each = _steps_an_epoch(trainer), trainer.args.gradient_accumulation_steps
    # Before version 5 what is left over of an epoch is not counted as a step.
    return steps is not None and (hasattr(trainer, "_run_epoch") or len(loader(trainer)) % each == 0)


def whole_epochs(trainer, epochs):
    """Whether the steps so far are exactly those epochs, as the Trainer counts when it resumes."""
    steps = _steps_an_epoch(trainer)
    return steps is not None and trainer.state.global_step == epochs * steps


def _steps_an_epoch(trainer):
    try:
        batches = len(loader(trainer))
    except (TypeError, NotImplementedError):
        return None
    return max(1, -(-batches // trainer.args.gradient_accumulation_steps))


def loader(trainer):
    """@returns what gives the batches"""
    return trainer.callback_handler.train_dataloader


def warn_of_data(trainer):
    """When it goes on in the middle of an epoch."""
    collator = trainer.data_collator
    name = getattr(collator, "__name__", type(collator).__name__)
    if name not in _DETERMINISTIC and not (name == "DataCollatorForLanguageModeling" and not collator.mlm):
        events.warn(
            "resume-inexact",
            "It goes on in the middle of an epoch: where random numbers are drawn while data are read (masking, "
            "augmentation), the first batches are others than they would have been.",
        )
