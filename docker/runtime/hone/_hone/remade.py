"""How a checkpoint keeps what pickle alone does not: the user's functions that have no name of their own, and locks."""

import importlib
import marshal
import pickle
import sys
import threading
import types

from . import place

_LOCKS = {type(threading.Lock()): "Lock", type(threading.RLock()): "RLock"}
_CELL = types.CellType

#: Libraries, and parts of them, that speak with the world outside: of their objects no second one is made.
_MACHINERY = {
    "tqdm", "threading", "multiprocessing", "logging", "io", "_io", "socket", "matplotlib", "tensorboard", "wandb", "mlflow",
}  # fmt: skip


def reduced(obj):
    """As an object's `__reduce__` answers; NotImplemented: as pickle does it; None: nothing is known of it.

    @throws PicklingError when it cannot be kept
    """
    kind = type(obj)
    if isinstance(obj, type):
        _check_name(obj)
        return NotImplemented
    if kind is types.FunctionType:
        try:
            _check_name(obj)
            return NotImplemented
        except Exception:
            return _function(obj)
    if kind is types.ModuleType:
        return importlib.import_module, (obj.__name__,)
    if kind is _CELL:
        return _make_cell, ()
    if kind in _LOCKS:
        return getattr(threading, _LOCKS[kind]), ()
    if kind.__module__.partition(".")[0] in _MACHINERY:
        raise pickle.PicklingError(str(kind))
    return None


def _function(obj):
    """The source is the same in each attempt, and so is Python: the code can be kept as it is."""
    if not place.is_user_file(obj.__code__.co_filename):
        raise pickle.PicklingError(obj.__qualname__)
    cells = obj.__closure__ or ()
    # What the cells hold may lead back to the function, so it is put in later.
    state = ([_held(cell) for cell in cells], obj.__defaults__, obj.__kwdefaults__, obj.__dict__)
    arguments = (marshal.dumps(obj.__code__), obj.__module__, obj.__name__, tuple(cells))
    return _make_function, arguments, state, None, None, _fill_function


def _held(cell):
    try:
        return (cell.cell_contents,)
    except ValueError:
        return ()


def _make_cell():
    return types.CellType()


def _make_function(code, module, name, cells):
    return types.FunctionType(marshal.loads(code), sys.modules[module].__dict__, name, None, cells)


def _fill_function(function, state):
    contents, function.__defaults__, function.__kwdefaults__, attributes = state
    for cell, held in zip(function.__closure__ or (), contents):
        if held:
            cell.cell_contents = held[0]
    function.__dict__.update(attributes)


def _check_name(obj):
    found = sys.modules[obj.__module__]
    for name in obj.__qualname__.split("."):
        found = getattr(found, name)
    if found is not obj:
        raise pickle.PicklingError(obj.__qualname__)
