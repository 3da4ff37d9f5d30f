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
#: What a network runs for a batch of inputs, often compiled as a whole.
NETWORK_METHODS = {"forward", "call", "__call__"}
_NETWORKS = ("Module", "Layer", "Model")
_OPTIMIZERS = {"opt", "optim", "optimizer", "optimiser", "scaler"}
#: What loops that train do in each round, and those of a network's computation do not.
_TELLING = {"print", "append", "log", "info", "write", "report", "set_postfix", "set_description", "allclose"}
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
        #: Functions that train by what they are called or call, and those that surely do.
        self._training = self._grown(functions, _name_trains)
        self._surely = self._grown(functions, _surely_trains)
        self._networks = _networks(tree)
        self._inside = self._inside_of_networks(tree, functions)

    def _grown(self, functions, trains):
        """Names of the functions of this module that train, by themselves or by what they call of it."""
        # By name: what else of this module a function calls.
        known, calls = set(), {}
        for function in functions:
            found = self._calls_of(function, trains)
            if found is None:
                known.add(function.name)
            else:
                calls.setdefault(function.name, set()).update(found)
        return _closure(known, lambda known: {name for name, called in calls.items() if called & known})

    def _inside_of_networks(self, tree, functions):
        """Names of the functions that a network's computation, or something compiled, comes to."""
        first = set(self.compiled)
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                methods = {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
                first |= methods & (NETWORK_METHODS if self.is_network(node) else {"forward"})
        calls = {}
        for function in functions:
            names = {_called(one.func) for one in ast.walk(function) if isinstance(one, ast.Call)}
            calls.setdefault(function.name, set()).update(names & self._defined)
        return _closure(first, lambda known: set().union(*(calls.get(name, ()) for name in known)))

    def is_network(self, node):
        """Whether a class is a module, layer or model of a framework, by the names of what it derives from."""
        return node.name in self._networks

    def of_loop(self, node, function=None, in_network=False):
        """`epoch`, `training`, or None for a loop that is no training.

        @param function the name of the one that it is in; None at the level of a module
        @param in_network whether it is in a method of a network's class
        """
        words = _head_words(node)
        if words & _EPOCH:
            return "epoch"
        named = function is not None and bool(_words(function) & _WORDS)
        if function in self._inside or (in_network and not _words(function) & {"fit", "train"}):
            return "training" if self._trains(node, _surely_trains, self._surely) else None
        if words & _ROUNDS and _goes_round(node, function is None or named):
            return "training"
        return "training" if self._trains(node, _name_trains, self._training) else None

    def _trains(self, node, trains, known):
        found = self._calls_of(node, trains)
        return found is None or bool(found & known)

    def _calls_of(self, node, trains):
        """The functions of this module that are called in a node; None when it trains by itself."""
        found = set()
        for one in ast.walk(node):
            if isinstance(one, ast.Call):
                name = _called(one.func)
                if name in self._defined and name not in _METHODS:
                    found.add(name)
                elif name is not None and trains(name, one):
                    return None
            elif isinstance(one, (ast.Assign, ast.AugAssign)) and _descends(one):
                return None
        return found


def _networks(tree):
    """Names of the classes that derive from a framework's, or from another such class of this module."""
    bases = {
        node.name: {_called(base) or "" for base in node.bases} for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    }
    first = {name for name, found in bases.items() if any(base.endswith(_NETWORKS) for base in found)}
    return _closure(first, lambda known: {name for name, found in bases.items() if found & known})


def _closure(known, grow):
    """All that is known in the end. @param grow what follows from what is known"""
    while True:
        more = grow(known) - known
        if not more:
            return known
        known = known | more


def _head_words(node):
    words = set()
    for head in [node.target, node.iter] if isinstance(node, ast.For) else [node.test]:
        for one in ast.walk(head):
            name = _called(one) if isinstance(one, (ast.Name, ast.Attribute)) else None
            # `steps_per_epoch` counts batches.
            if name and "per" not in _words(name):
                words.update(_words(name))
    return words


def _goes_round(node, plainly):
    """Whether the body of a loop over rounds does work. @param plainly any call is work; else it has to look like learning"""
    for statement in node.body:
        for one in ast.walk(statement):
            if isinstance(one, ast.Call) and (plainly or (_called(one.func) or "") in _TELLING):
                return True
            if isinstance(one, ast.Break) or (isinstance(one, ast.AugAssign) and isinstance(one.op, ast.Sub)):
                return True
    return False


def _surely_trains(name, call):
    """`optimizer.step()`, `loss.backward()`, `scaler.step(optimizer)`; not `cell.step(x)`"""
    if not isinstance(call.func, ast.Attribute):
        return False
    if name != "step":
        return name in _METHODS
    return not call.args or bool(_words(_called(call.func.value) or "") & _OPTIMIZERS)


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
