"""Listens for Keras: Keras 3, on TensorFlow above all, and Keras 2. What listens is only read where Keras is imported."""

import importlib

from .imports import after_import

#: Where Keras 2 lies, by its age.
_SECOND = ("tf_keras.src", "keras.src", "keras")
#: Module of Keras or TensorFlow -> module here and its function, which is given the other one.
_HOOKS = {
    **{f"keras.src.backend.{name}.trainer": ("keras_hooks", "third_model") for name in ("tensorflow", "jax", "torch")},
    "keras.src.callbacks.callback_list": ("keras_hooks", "callbacks"),
    "keras.src.random.seed_generator": ("keras_random", "register_seeds"),
    "tensorflow.python.ops.stateful_random_ops": ("keras_random", "register_generators"),
    "tensorflow.python.ops.gen_random_ops": ("keras_random", "replace_ops"),
    "tensorflow.python.framework.random_seed": ("keras_random", "count_ops"),
    "tensorflow.python.data.ops.dataset_ops": ("keras_data", "count_iterators"),
}
for _root in _SECOND:
    _HOOKS[f"{_root}.engine.training"] = ("keras_hooks", "second_model")
    _HOOKS[f"{_root}.engine.data_adapter"] = ("keras_hooks", "second_data")
    _HOOKS[f"{_root}.callbacks"] = ("keras_hooks", "callbacks")
    _HOOKS[f"{_root}.saving.saving_api"] = ("keras_hooks", "second_saving")


def listen():
    for module, (part, function) in _HOOKS.items():
        after_import(module, _calling(part, function))


def _calling(part, function):
    return lambda module: getattr(importlib.import_module(f".{part}", __package__), function)(module)
