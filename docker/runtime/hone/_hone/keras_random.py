"""The random states of TensorFlow and Keras.

Most are objects whose state can be read and set. An op such as RandomUniform in a training function keeps its state where
nobody reaches it; Keras 2 makes its dropout of such ops. While a training function is built, they are replaced by those that
count in a variable. Both are Philox generators: the first begins at the counter [0, seed2] with the key `seed`, and both
go on by 256 a number (tensorflow/core/util/guarded_philox_random.h, kernels/stateful_random_ops.h), so the numbers are the same.
"""

import functools
import sys
import weakref

from . import events

#: Op -> the one that takes its state from a variable.
_OPS = {
    "random_uniform": "stateful_uniform",
    "random_standard_normal": "stateful_standard_normal_v2",
    "truncated_normal": "stateful_truncated_normal",
}
_PHILOX = 1

#: Generator -> how many were made before it in this process.
_generators = weakref.WeakKeyDictionary()
_made = 0
#: The `Ops` of the training function that is being built or run.
_ops = None


def register_seeds(module):
    _register(module.SeedGenerator)


def register_generators(module):
    _register(module.Generator)


def capture():
    """@returns what can be pickled, for `restore`; None where TensorFlow is not in use"""
    context = _context()
    if context is None:
        return None
    own = getattr(context, "_rng", None)
    return {
        "context": own.getstate() if own is not None else None,
        "generators": [(order, _name(one), _state(one).numpy()) for one, order in _ordered()],
    }


def restore(saved):
    """@returns whether all generators that were saved exist"""
    context = _context()
    if saved is None or context is None:
        return True
    if saved["context"] is not None and getattr(context, "_rng", None) is not None:
        context._rng.setstate(saved["context"])
    here = {order: one for one, order in _ordered()}
    whole = True
    for order, name, state in saved["generators"]:
        one = here.get(order)
        if one is None or _name(one) != name or tuple(_state(one).shape) != state.shape:
            whole = False
            continue
        _state(one).assign(state)
    return whole


def _context():
    module = sys.modules.get("tensorflow.python.eager.context")
    return module.context() if hasattr(module, "context") else None


def _register(cls):
    original = cls.__init__

    @functools.wraps(original)
    def init(self, *args, **kwargs):
        global _made
        original(self, *args, **kwargs)
        _made += 1
        _generators[self] = _made

    cls.__init__ = init


def _ordered():
    return sorted(((one, order) for one, order in _generators.items() if hasattr(_state(one), "numpy")), key=lambda two: two[1])


def _state(generator):
    return getattr(generator, "state", None)


def _name(generator):
    return str(getattr(generator, "name", None) or type(generator).__name__)


class Ops:
    """The random ops of a training function: what they are replaced by, and which could not be."""

    def __init__(self):
        self.states = {}
        #: (key, variable, state that it began with)
        self.made = []
        #: How many keep their state to themselves.
        self.hidden = 0
        self._from_saved = False

    def capture(self):
        """(op, seed, seed2) -> state. Of several builds of a function the one counts that has run."""
        found = dict(self.states)
        for key, variable, began in self.made:
            state = variable.numpy().tolist()
            if state != began:
                found[key] = state
        return found

    def variable(self, key):
        from tensorflow.python.framework import ops
        from tensorflow.python.ops.resource_variable_ops import ResourceVariable

        began = self.states.get(key, _first(key)) if self._from_saved else _first(key)
        # Not `tf.Variable`, which functions forbid from their second building on.
        with ops.init_scope():
            made = ResourceVariable(began, trainable=False, dtype="int64")
        self.made.append((key, made, began))
        return made

    def restore(self, states):
        """To go on from what an attempt before has captured: in a function that is built, else when it will be."""
        self.states = dict(states)
        self._from_saved = not self.made
        self.made = [(key, variable, self.states.get(key, began)) for key, variable, began in self.made]
        for _, variable, began in self.made:
            variable.assign(began)


def watch(ops):
    """Random ops that are built from now on belong to `ops`; None: to nobody. @returns whose they were"""
    global _ops
    before, _ops = _ops, ops
    return before


def _first(key):
    return [0, key[2], key[1]]


def _building():
    """Whether a function of the watched training is being built, and not one of a data pipeline."""
    if _ops is None or _context().executing_eagerly():
        return False
    graph = sys.modules["tensorflow.python.framework.ops"].get_default_graph()
    while graph is not None:
        if not hasattr(graph, "outer_graph") or "Dataset" in str(graph.name):
            return False
        graph = graph.outer_graph if getattr(graph.outer_graph, "building_function", False) else None
    return True


def count_ops(module):
    original = module.get_seed

    @functools.wraps(original)
    def get_seed(op_seed):
        try:
            if _building():
                _ops.hidden += 1
        except Exception as error:
            events.complain(error)
        return original(op_seed)

    module.get_seed = get_seed


def replace_ops(module):
    for name, stateful in _OPS.items():
        setattr(module, name, _counting(getattr(module, name), name, stateful))


def _counting(original, kind, stateful):
    @functools.wraps(original)
    def op(shape, dtype, seed=0, seed2=0, name=None):
        try:
            if _building() and (seed or seed2) and not _on_device():
                key = (kind, int(seed or 0), int(seed2 or 0))
                variable = _ops.variable(key)
                from tensorflow.python.ops import gen_stateful_random_ops

                made = getattr(gen_stateful_random_ops, stateful)(
                    resource=variable.handle, algorithm=_PHILOX, shape=shape, dtype=dtype, name=name
                )
                _ops.hidden -= 1
                return made
        except Exception as error:
            events.complain(error)
        return original(shape, dtype, seed=seed, seed2=seed2, name=name)

    return op


def _on_device():
    return bool(_context().list_physical_devices("GPU"))
