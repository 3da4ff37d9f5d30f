"""Brings model and data of a `fit` to the end of the epochs that are done."""

import os

from . import keras_data, keras_state, places


def why_aside(fit, trainer):
    """Why a training is only reported; None: checkpoints are kept."""
    callbacks = fit.given.get("callbacks") or []
    for one in getattr(callbacks, "callbacks", callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]):
        if any(base.__name__ == "BackupAndRestore" for base in type(one).__mro__):
            if os.path.isdir(one.backup_dir) and os.listdir(one.backup_dir):
                places.resumes_itself(f"it goes on from {one.backup_dir}")
            return "it backs up and restores by itself"
    if trainer is None:
        strategy = fit.model.distribute_strategy
        if strategy.num_replicas_in_sync > 1 or strategy._should_use_with_coordinator or fit.model._in_multi_worker_mode():
            return "it is distributed"
        return None if hasattr(fit.model, "train_function") else "it is a graph of TensorFlow 1"
    if ".tensorflow." not in trainer.__name__:
        return "it is not on TensorFlow"
    if fit.model._distribute_strategy is not None or not hasattr(fit.model, "_initial_epoch"):
        return "it is distributed"
    return None


def batches(fit):
    """How many batches an epoch has, as far as the data told."""
    name = "_num_batches" if fit.third else "_inferred_steps"
    return getattr(fit.epochs, name, None)


def go_on(fit):
    """Keras 3: to be called before the first epoch."""
    epochs, saved = fit.epochs, fit.saved
    if epochs.steps_per_epoch is None and not fit.data.generator:
        # An iterator an epoch, at least.
        _build(fit, iter(epochs._distributed_dataset))
        fit.data.make_iterators(saved["data"], "train")
        epochs._num_batches = saved["batches"]
    else:
        _run_through(fit, epochs)
    fit.data.make_iterators(saved["data"], "validation")
    if not fit.done:
        fit.restore()


def _run_through(fit, epochs):
    """Takes all batches of the epochs that are done, as `fit` does."""
    patience = keras_data.Patience(fit.saved["seconds"])
    built = False
    for _ in range(fit.given["initial_epoch"], fit.section.index):
        with epochs.catch_stop_iteration():
            for _, _, iterator in epochs:
                if not built:
                    _build(fit, iterator)
                    built = True
                for _ in range(epochs.steps_per_execution):
                    next(iterator)
                if not patience:
                    break
        if not patience:
            fit.data.inexact.append(keras_data.TOO_LONG)
            return


def _build(fit, iterator):
    """Builds the training function as its first call would: it builds the model and its optimisers."""
    model = fit.model
    whole = keras_state.is_whole(model, fit.saved["model"])
    if whole and fit.done:
        return
    trace = next((cell for cell in _closure(model.train_function) if hasattr(cell, "get_concrete_function")), None)
    if trace is not None:
        trace.get_concrete_function(iterator)
    elif not whole:
        model._symbolic_build(data_batch=fit.epochs._distributed_dataset.element_spec)


def _closure(function):
    for cell in getattr(function, "__closure__", None) or ():
        try:
            yield cell.cell_contents
        except ValueError:
            continue


def remaining(fit, epochs):
    """Keras 2: the epochs of a data handler after those that are done."""
    handler, patience = fit.epochs, keras_data.Patience(fit.saved["seconds"])
    position = fit.section.index
    built = False
    for epoch, iterator in epochs:
        if fit.saved is None or epoch >= position:
            if fit.saved is not None and fit.first_epoch() > epoch:
                return
            yield epoch, iterator
            continue
        try:
            if not built:
                _trace(fit, iterator)
                built = True
            if not fit.done or fit.data.is_pipeline() or fit.data.generator:
                _skip(fit, handler, iterator, patience)
            if epoch == position - 1:
                handler._inferred_steps = fit.saved["batches"]
                fit.data.make_iterators(fit.saved["data"], "validation")
                if not fit.done:
                    fit.restore()
        except Exception as error:
            fit.refuse(error)
            # On a new iterator: this one may have given some of its batches.
            yield from type(handler).enumerate_epochs.__wrapped__(handler)
            return


def _trace(fit, iterator):
    """Builds the training function as its first call would: it builds the model and its optimisers."""
    if fit.done and keras_state.is_whole(fit.model, fit.saved["model"]):
        return
    trace = getattr(fit.model.train_function, "get_concrete_function", None)
    if trace is not None:
        trace(iterator)
    elif not fit.model.built:
        fit.model(next(iter(fit.epochs._dataset))[0], training=False)


def _skip(fit, handler, iterator, patience):
    adapter = handler._adapter
    if adapter.should_recreate_iterator() and not fit.data.generator:
        return
    if getattr(adapter, "_shuffle", None) is False and handler._steps_per_epoch is None:
        return
    with handler.catch_stop_iteration():
        for _ in handler.steps():
            for _ in range(handler.step_increment + 1):
                next(iterator)
            if not patience:
                fit.data.inexact.append(keras_data.TOO_LONG)
                return
