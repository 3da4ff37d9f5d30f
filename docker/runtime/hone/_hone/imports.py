"""Calls back right after a module has been imported, before anybody else sees it."""

import sys

from . import events

_callbacks = {}


def after_import(name, callback):
    """`callback(module)` when `name` is first imported; several in the order in which they were given."""
    _callbacks.setdefault(name, []).append(callback)
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def is_awaited(name):
    """Whether somebody is to be called back when a module is imported."""
    return name in _callbacks


class _Finder:
    def find_spec(self, name, path=None, target=None):
        if name not in _callbacks:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            if finder is self or find is None:
                continue
            spec = find(name, path, target)
            if spec is not None:
                return _watched(spec, name)
        return None


def _watched(spec, name):
    try:
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            for callback in _callbacks.pop(name, ()):
                try:
                    callback(module)
                except Exception as error:
                    events.complain(error)

        spec.loader.exec_module = exec_module
    except Exception as error:
        events.complain(error)
    return spec
