"""Which loops of a module look like training, by their names and by what they call. Pure."""

import ast
import functools
import re

#: Methods by which something learns.
_METHODS = {"step", "backward", "partial_fit", "fit", "train_on_batch", "minimize", "apply_gradients", "fit_generator"}
#: Words in the names of functions that train.
_WORDS = {"train", "training", "trainer", "fit", "epoch", "learn", "update", "step", "optimize", "optimise", "backprop"}
_EPOCH = {"epoch", "epochs", "ep"}
_ROUNDS = {"iteration", "iterations", "iters", "iter", "steps", "rounds", "generation", "generations"}
_RATES = {"lr", "learning_rate", "alpha", "eta", "step_size", "rate"}
#: Calls that turn a function into something else: its code must stay as it is.
_COMPILERS = {"jit", "njit", "pmap", "vmap", "function", "compile", "script", "trace", "vectorize", "guvectorize", "grad"}
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def own_nodes(scope):
    """All nodes of a function or module, without those inside of functions, classes and comprehensions in it."""
    waiting = list(getattr(scope, "body", []))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _SCOPES):
            continue
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.comprehension):
                waiting.append(child.iter)
                waiting.extend(child.ifs)
            else:
                waiting.append(child)


def is_generator(function):
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in own_nodes(function))


def compiles(node):
    """Whether a decorator, or what is called, compiles a function: `@tf.function`, `@jax.jit`, `njit(...)`."""
    if isinstance(node, ast.Call):
        return compiles(node.func) or any(compiles(one) for one in node.args)
    return (_called(node) or "") in _COMPILERS


def _called(node):
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


@functools.lru_cache(None)
def _words(name):
    return frozenset(re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower().split("_"))


class Looks:
    def __init__(self, tree):
        functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
        #: Names of functions that are handed to something that compiles them.
        self.compiled = {
            argument.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and (_called(node.func) or "") in _COMPILERS
            for argument in node.args
            if isinstance(argument, ast.Name)
        }
        self._defined = {function.name for function in functions}
        self._training = set()
        # By name: what else of this module a function calls.
        calls = {}
        for function in functions:
            found = self._calls_of(function)
            if found is None:
                self._training.add(function.name)
            else:
                calls.setdefault(function.name, set()).update(found)
        grown = True
        while grown:
            found = {name for name, called in calls.items() if name not in self._training and called & self._training}
            self._training |= found
            grown = bool(found)

    def of_loop(self, node):
        """`epoch`, `training`, or None for a loop that is no training."""
        heads = [node.target, node.iter] if isinstance(node, ast.For) else [node.test]
        words = set()
        for head in heads:
            for one in ast.walk(head):
                name = _called(one) if isinstance(one, (ast.Name, ast.Attribute)) else None
                # `steps_per_epoch` counts batches.
                if name and "per" not in _words(name):
                    words.update(_words(name))
        if words & _EPOCH:
            return "epoch"
        if words & _ROUNDS and any(isinstance(one, ast.Call) for one in ast.walk(node)):
            return "training"
        return "training" if self._trains(node) else None

    def _trains(self, node):
        found = self._calls_of(node)
        return found is None or bool(found & self._training)

    def _calls_of(self, node):
        """The functions of this module that are called in a node; None when it trains by itself."""
        found = set()
        for one in ast.walk(node):
            if isinstance(one, ast.Call):
                name = _called(one.func)
                if name in self._defined and name not in _METHODS:
                    found.add(name)
                elif name is not None and _name_trains(name, one):
                    return None
            elif isinstance(one, (ast.Assign, ast.AugAssign)) and _descends(one):
                return None
        return found


def _name_trains(name, call):
    if not isinstance(call.func, ast.Attribute):
        return bool(_words(name) & _WORDS)
    if name in _METHODS:
        return True
    # `booster.update(data, round)` and optax; a dictionary's or a bar's update has one argument.
    if name == "update":
        return len(call.args) >= 2
    # `model.train()` only sets a mode.
    return "_" in name and bool(_words(name) & _WORDS)


def _descends(node):
    """`w -= lr * gradient`, `w = w - lr * gradient`"""
    if isinstance(node, ast.Assign) and not isinstance(node.value, ast.BinOp):
        return False
    for one in ast.walk(node.value):
        if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult):
            names = {(_called(part) or "").lower() for part in ast.walk(one) if isinstance(part, (ast.Name, ast.Attribute))}
            if names & _RATES:
                return True
    return False
