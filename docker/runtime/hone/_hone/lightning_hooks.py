"""Where a fit listens to Lightning's loops and connectors, and what of Lightning's own resuming is kept from it."""

import os
import signal
import sys

from . import events, lightning_fit, lightning_state, own, stopping


def patch(root, module, wrap):
    """@param wrap as lightning._wrap"""
    loop = sys.modules[root + ".loops.fit_loop"]._FitLoop
    wrap(loop, "run", _run)
    wrap(loop, "on_run_start", _on_run_start)
    wrap(loop, "on_advance_end", _on_advance_end)
    skip = loop.skip
    loop.skip = property(lambda self: _skip(skip, self), doc=skip.__doc__)
    wrap(module.Trainer, "_run_sanity_check", _run_sanity_check)
    connectors = root + ".trainer.connectors."
    connector = sys.modules[connectors + "checkpoint_connector"]._CheckpointConnector
    wrap(connector, "resume_start", _resume_start)
    for name in ("restore_datamodule", "restore_model", "restore_callbacks", "restore_training_state"):
        wrap(connector, name, _guarded)
    wrap(sys.modules[connectors + "signal_connector"]._SignalConnector, "register_signal_handlers", _register)
    wrap(sys.modules[root + ".callbacks.model_checkpoint"].ModelCheckpoint, "file_exists", _file_exists)


def _run(original, loop, *args, **kwargs):
    fit = lightning_fit.of(loop.trainer)
    if fit is not None:
        _quietly(fit.begins)
        if fit.done:
            loop.setup_data()
            return None
    return original(loop, *args, **kwargs)


def _skip(original, loop):
    fit = lightning_fit.of(loop.trainer)
    if fit is None or fit.saved is None or fit.done:
        return original.fget(loop)
    # Of one that was killed after its last epoch the hooks of the end are still to run.
    return loop.max_batches == 0 or loop.trainer.limit_train_batches == 0


def _on_run_start(original, loop, *args, **kwargs):
    result = original(loop, *args, **kwargs)
    fit = lightning_fit.of(loop.trainer)
    if fit is not None:
        _quietly(fit.begun)
    return result


def _on_advance_end(original, loop, *args, **kwargs):
    result = original(loop, *args, **kwargs)
    fit = lightning_fit.of(loop.trainer)
    if fit is not None:
        _quietly(lambda: fit.epoch_over(loop))
    return result


def _run_sanity_check(original, trainer, *args, **kwargs):
    fit = lightning_fit.of(trainer)
    # The attempt before has made it, and nothing of it is in the saved state.
    if fit is not None and fit.saved is not None:
        return None
    return original(trainer, *args, **kwargs)


def _resume_start(original, connector, *args, **kwargs):
    fit = lightning_fit.of(connector.trainer)
    if fit is None or not fit.restoring:
        return original(connector, *args, **kwargs)
    connector._ckpt_path = None
    try:
        lightning_state.keep_initial(connector.trainer, fit.saved)
        connector._loaded_checkpoint = fit.saved["checkpoint"]
    except Exception as error:
        fit.give_up("it could not be restored (%r)" % error)
    return None


def _guarded(original, connector, *args, **kwargs):
    fit = lightning_fit.of(connector.trainer)
    if fit is None or not fit.restoring:
        return original(connector, *args, **kwargs)
    try:
        return original(connector, *args, **kwargs)
    except Exception as error:
        fit.give_up("it could not be restored (%r)" % error)
        return None


def _register(original, connector, *args, **kwargs):
    before = signal.getsignal(signal.SIGTERM)
    result = original(connector, *args, **kwargs)
    fit = lightning_fit.of(connector.trainer)
    # Lightning would end the training at the next batch, where it could not be gone on with.
    if fit is not None and fit.keeps and before is stopping._on_term:
        signal.signal(signal.SIGTERM, before)
    return result


def _file_exists(original, callback, filepath, trainer):
    fit = lightning_fit.of(trainer)
    path = os.path.realpath(str(filepath))
    # It is written again now as it was by the attempt before, and under the same name: the script may ask for that.
    if fit is not None and fit.keeps and path not in fit.rewritten and _quietly(lambda: _is_lost(fit, path)):
        fit.rewritten.add(path)
        return False
    return original(callback, filepath, trainer)


def _is_lost(fit, path):
    """Whether an attempt before wrote a file in an epoch that is trained again."""
    return own.was_trained(path) if fit.saved is None else path in fit.saved["lost"]


def _quietly(action):
    try:
        return action()
    except Exception as error:
        events.complain(error)
        return None
