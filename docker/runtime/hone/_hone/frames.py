"""What can change in objects that keep their data out of Python's sight: variables and models of Keras, tables of pandas."""

import sys

from . import containers, keras_state

#: Cells of a table: a larger one is a data set, which nobody changes in a loop.
MOST_CELLS = 100000


def aspects(kind):
    """Of a type of TensorFlow, Keras or pandas; None for any other."""
    tops = {one.__module__.partition(".")[0] for one in kind.__mro__}
    if "pandas" in tops:
        return (_Table(),) if any(one.__name__ in ("DataFrame", "Series") for one in kind.__mro__) else None
    if not tops & {"keras", "tf_keras", "tensorflow"}:
        return None
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and issubclass(kind, tensorflow.Variable):
        return (containers.State(lambda one: one.numpy(), lambda one, value: one.assign(value)),)
    if any(one.__name__ == "Model" for one in kind.__mro__) and hasattr(kind, "trainable_variables"):
        return (_Model(keras_state.model_state, keras_state.restore_model),)
    if hasattr(kind, "apply_gradients") and hasattr(kind, "from_config"):
        return (containers.State(keras_state.model_state, keras_state.restore_model),)
    if hasattr(kind, "update_state") and hasattr(kind, "result"):
        return (_Metric(),)
    return None


class _Model(containers.State):
    def fits(self, obj, content):
        return keras_state.is_whole(obj, content[0])


class _Metric(containers.State):
    """A metric of Keras that a loop updates itself."""

    def __init__(self):
        super().__init__(lambda one: [variable.numpy() for variable in one.variables], self._assign)

    def _assign(self, obj, values):
        for variable, value in zip(obj.variables, values):
            variable.assign(value)

    def fits(self, obj, content):
        return len(obj.variables) == len(content[0])


class _Table:
    def children(self, obj):
        return ()

    def baseline(self, obj, path):
        return obj.shape

    def changes(self, obj, base):
        # Its state alone: the object itself is known by its path.
        return (obj.__getstate__(),) if obj.size <= MOST_CELLS or obj.shape != base else None

    def restore(self, obj, content, base):
        obj.__setstate__(content[0])
