"""Every object that a script had when a loop began, by the path that leads to it: `__main__.model._parameters['weight']`.

Another attempt comes to the same loop with the same objects, by the same paths. So a checkpoint names them instead of
holding them, and holds only what of them has changed.
"""

import functools
import random
import sys
from collections import deque

from . import arrays, kinds, mappings, place, scopes, tensors
from .holders import TOO_LONG, Kept, alive, held, is_held, only_atoms

#: Objects that a walk looks at; nearer ones first.
MOST = 200000


class Anchors:
    def __init__(self, frame):
        """@param frame the user's, that the loop is in"""
        self._by_id = {}
        self._by_path = {}
        #: (path, reference, aspect, baseline)
        self.aspects = []
        arrays.begin()
        tensors.begin()
        for path, one in shared():
            # Their states are kept by randomness.py.
            self._add(path, one, (), None)
        self._walk(roots(frame))

    def _walk(self, found):
        waiting = deque()
        module_aspect = mappings.Globals()
        for path, root in found:
            if isinstance(root, type(sys)):
                self._add(path, root, (module_aspect,), waiting)
            else:
                waiting.extend(("%s:%s" % (path, name), value) for name, value in root)
        while waiting and len(self._by_id) < MOST:
            path, obj = waiting.popleft()
            try:
                self._visit(path, obj, waiting)
            except Exception:
                # An object that does not let itself be looked at is nobody's loss.
                continue

    def _visit(self, path, obj, waiting):
        aspects = kinds.of(obj)
        if aspects == kinds.VALUE:
            if isinstance(obj, tuple) and len(obj) <= TOO_LONG and not only_atoms(obj):
                waiting.extend(("%s[%d]" % (path, index), value) for index, value in enumerate(obj))
        elif self.path_of(obj) is None:
            self._add(path, obj, aspects, waiting)

    def _add(self, path, obj, aspects, waiting):
        holder = held(obj)
        self._by_id[id(obj)] = (holder, path)
        self._by_path[path] = holder
        for aspect in aspects:
            self.aspects.append((path, holder, aspect, aspect.baseline(obj, path)))
            waiting.extend((path + suffix, child) for suffix, child in aspect.children(obj))

    def let_go(self):
        """Forgets what the script itself has no more, so that the first data of a loop do not stay to its end."""
        for holder in self._by_path.values():
            if type(holder) is Kept:
                holder.let_go()
        # With what they were compared with.
        self.aspects = [one for one in self.aspects if alive(one[1]) is not None]

    def path_of(self, obj):
        """None of an object that was not there."""
        found = self._by_id.get(id(obj))
        return found[1] if found is not None and is_held(found[0], obj) else None

    def get(self, path):
        """@throws KeyError when there is no such object"""
        obj = alive(self._by_path[path])
        if obj is None:
            raise KeyError(path)
        return obj

    def alive(self, kind):
        """(path, object) of all of a type that still are."""
        for path, holder in self._by_path.items():
            obj = alive(holder)
            if isinstance(obj, kind):
                yield path, obj


_is_user_file = functools.lru_cache(None)(place.is_user_file)


def shared():
    """The generators that all code shares: an object that got hold of one is to have that one again."""
    found = [("random", getattr(random, "_inst", None))]
    numpy = sys.modules.get("numpy.random.mtrand")
    if numpy is not None:
        generator = getattr(numpy, "_rand", None)
        found += [("numpy", generator), ("numpy.bits", getattr(generator, "_bit_generator", None))]
    torch = sys.modules.get("torch")
    if torch is not None:
        found.append(("torch", getattr(torch, "default_generator", None)))
    return [("<%s>" % name, one) for name, one in found if one is not None]


def roots(frame):
    """The user's modules, and the variables of the user's functions that are being run, the outermost first."""
    modules = {"__main__": sys.modules["__main__"]}
    for name, module in list(sys.modules.items()):
        # Not by getattr: some modules are loaded by it.
        file = (mappings.own_dict(module) or {}).get("__file__")
        if isinstance(file, str) and _is_user_file(file):
            modules.setdefault(name, module)
    found = [(name, modules[name]) for name in sorted(modules)]
    frames = []
    while frame is not None:
        if _is_user_file(frame.f_code.co_filename) and not scopes.is_module(frame):
            frames.append(frame)
        frame = frame.f_back
    for depth, one in enumerate(reversed(frames)):
        found.append(("%s@%d" % (one.f_code.co_name, depth), locals_of(one)))
    return found


def locals_of(frame):
    """(name, value), by name, without Hone's own."""
    return sorted((pair for pair in scopes.variables(frame).items() if not pair[0].startswith("_hone_")), key=lambda pair: pair[0])
