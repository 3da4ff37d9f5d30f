"""What can change in an object of some type: its aspects."""

import collections
import enum
import itertools
import random
import sys
import types

from . import arrays, containers, frames, mappings, place, tensors

#: Has no identity that matters: kept by its value, wherever it is.
VALUE = "value"
#: Told by where it was found; what is in it is nobody's business.
OPAQUE = ()

_VALUES = (int, float, complex, bool, str, bytes, type(None), type(Ellipsis), range, slice, tuple, frozenset, enum.Enum)
_ITERATORS = {type(iter(one)) for one in ([], (), "", b"", range(0), range(1 << 70))} | {itertools.count, itertools.repeat}
#: Parts of the standard library whose objects hold what a script computes.
_OPEN_STANDARD = {"argparse", "types", "collections", "dataclasses", "configparser"}
#: Libraries whose objects speak with the world outside, or are too many.
_CLOSED = {
    "tensorflow", "keras", "tf_keras", "jax", "jaxlib", "pandas", "polars", "pyarrow", "matplotlib", "mpl_toolkits",
    "seaborn", "plotly", "PIL", "cv2", "tqdm", "rich", "wandb", "mlflow", "tensorboard", "tensorboardX", "comet_ml",
    "neptune", "h5py", "datasets", "tokenizers", "numba", "cython", "loguru", "ray", "joblib", "triton", "_hone",
}  # fmt: skip
_CLOSED_MODULES = ("torch.utils.tensorboard", "torch.profiler", "torch.distributed", "torch._dynamo", "torch.fx", "torch._C")
#: Libraries whose objects are all in their attributes.
_PLAIN = {"torch", "torchvision", "torchmetrics", "timm", "sklearn", "transformers", "numpy", "argparse", "types"}

_attributes = mappings.Attributes()
_cache = {}


def of(obj):
    """@returns VALUE, or the aspects of an object, OPAQUE for none"""
    kind = type(obj)
    found = _cache.get(kind)
    if found is None:
        found = _cache[kind] = _of_type(kind, obj)
    return found


def _of_type(kind, obj):
    if issubclass(kind, _VALUES) or kind in _ITERATORS:
        return VALUE
    numpy = arrays.aspects(kind)
    if numpy is not None:
        return numpy
    torch = tensors.aspects(kind)
    if torch is not None:
        return torch
    library = frames.aspects(kind)
    if library is not None:
        return library
    if issubclass(kind, type):
        return (_OfUserClass(),)
    if kind is types.FunctionType:
        return (mappings.Function(),)
    if kind is types.GeneratorType:
        return (containers.Running(),)
    if kind is type(_cell):
        return (mappings.Cell(),)
    if issubclass(kind, random.Random):
        return (containers.State(lambda one: one.getstate(), lambda one, state: one.setstate(state)),)
    return _container(kind) + _attributes_of(kind, obj)


def _container(kind):
    if issubclass(kind, dict):
        return (mappings.Dictionary(),)
    if issubclass(kind, (list, collections.deque)):
        return (containers.Sequence(),)
    if issubclass(kind, set):
        return (containers.Set(),)
    if issubclass(kind, bytearray):
        return (containers.Bytes(),)
    return ()


def _attributes_of(kind, obj):
    if issubclass(kind, (types.ModuleType, BaseException)) or is_closed(kind):
        return ()
    if mappings.own_dict(obj) is None and not mappings.slots_of(kind):
        return ()
    if _says_its_state(kind):
        return (containers.State(lambda one: one.__getstate__(), lambda one, state: one.__setstate__(state)),)
    return (_attributes,)


def _says_its_state(kind):
    """Of boosters and the like, whose attributes are not all."""
    module = kind.__module__
    if module.partition(".")[0] in _PLAIN or is_of_user(module):
        return False
    return hasattr(kind, "__setstate__") and any("__getstate__" in one.__dict__ for one in kind.__mro__[:-1])


def is_closed(kind):
    """Whether the objects of a type are left alone, and not even made anew."""
    module = getattr(kind, "__module__", None)
    if type(module) is not str:
        return True
    top = module.partition(".")[0]
    if top in _CLOSED or (module.startswith(_CLOSED_MODULES) and not tensors.is_module(kind)):
        return True
    if is_of_user(module):
        return False
    return top not in _OPEN_STANDARD and is_standard(top)


def is_of_user(module):
    if module == "__main__":
        return True
    file = getattr(sys.modules.get(module), "__file__", None)
    return bool(file) and place.is_user_file(file)


def is_standard(top):
    names = getattr(sys, "stdlib_module_names", None)
    if names is not None:
        return top in names
    file = getattr(sys.modules.get(top), "__file__", None)
    return not file or not any(part in file for part in ("site-packages", "dist-packages"))


class _OfUserClass(mappings.OfClass):
    def pairs(self, obj):
        return super().pairs(obj) if is_of_user(obj.__module__) else []


def _cell_of():
    variable = None

    def function():
        return variable

    return function.__closure__[0]


_cell = _cell_of()
