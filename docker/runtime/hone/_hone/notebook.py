"""Stand-ins for what only Jupyter has, so that a notebook's code runs as a script: they print, or do nothing."""

import builtins
import importlib
import sys
from importlib.machinery import ModuleSpec


def stand_in():
    builtins.display = _display
    builtins.get_ipython = _Nothing
    # At the end: an IPython that is installed comes first.
    sys.meta_path.append(_Finder())


def _display(*objects, **_):
    print(*objects)


class _Nothing:
    """Has every name, takes every call, holds nothing."""

    config = {}

    def __init__(self, *_, **__):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()

    def __call__(self, *_, **__):
        return _Nothing()

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


class _Finder:
    """Makes the modules of IPython."""

    def find_spec(self, name, path=None, target=None):
        if name != "IPython" and not name.startswith("IPython."):
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.__getattr__ = _name
        module.version_info = (9, 0, 0)
        # As outside of Jupyter: libraries that look for it go on without.
        module.get_ipython = _no_shell
        if module.__name__ == "IPython":
            module.display = importlib.import_module("IPython.display")
        else:
            module.display = _display


def _no_shell():
    return None


def _name(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _Nothing
