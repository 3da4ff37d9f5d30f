"""What a loop needs to be gone on with in another process: what has changed since it began, and the random states.

One pickle stream of two objects: what changed, and what had to be left out of it. Objects that were there when the loop
began are named by their paths (anchors.py), so that identities come back; new ones are kept by their values.
"""

import copyreg
import pickle
import sys
import warnings

from . import anchors, arrays, containers, events, mappings, randomness, remade, scopes, tensors
from .holders import alive

FILE = "loop.pkl"


class Refused(Exception):
    """A checkpoint does not fit what the script has made of it so far. Its text says why."""


class HalfRestored(Exception):
    """Putting a checkpoint back failed on the way. Its text says where."""


class Snapshot:
    def __init__(self, frame):
        """Looks at all that the script has; to be called as the loop begins. @param frame the user's"""
        self._anchors = anchors.Anchors(frame)
        self._at_module = scopes.is_module(frame)

    def parts(self, frame, about):
        """The parts of a checkpoint.

        @param about anything small, for `restore` to answer
        """
        return {FILE: lambda file: self._write(file, frame, about)}

    def _write(self, file, frame, about):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            writer = _Writer(file, self._anchors)
            changes = []
            self._anchors.let_go()
            for path, holder, aspect, base in self._anchors.aspects:
                obj = alive(holder)
                content = None if obj is None else aspect.changes(obj, base)
                if content is not None:
                    changes.append((path, type(aspect).__name__, writer.marked(content)))
                    writer.types[path] = _type_name(obj)
            variables = None
            if not self._at_module:
                variables = writer.marked(mappings.Entries(anchors.locals_of(frame), False))
            writer.dump({"about": about, "changes": changes, "locals": variables, "random": randomness.capture()})
            writer.dump({"left": writer.left, "types": writer.types})

    def read(self, checkpoint):
        """What `restore` takes; changes nothing. @throws Refused when it does not fit"""
        try:
            with open(checkpoint.file(FILE), "rb") as file:
                reader = _Reader(file, self._anchors)
                state, rest = reader.load(), reader.load()
        except Refused:
            raise
        except Exception as error:
            raise Refused("it cannot be read (%r)" % error) from error
        known = {(path, type(aspect).__name__): (aspect, base) for path, _, aspect, base in self._anchors.aspects}
        left, found = rest["left"], []
        for path, name in rest["types"].items():
            if _type_name(reader.persistent_load(path)) != name:
                raise Refused("%s is another thing than it was" % path)
        for path, name, marked in state["changes"]:
            if (path, name) not in known:
                raise Refused("%s is another thing than it was" % path)
            content = _unmarked(marked, left)
            if content is not None:
                found.append((reader.persistent_load(path), content) + known[path, name])
                fits = getattr(known[path, name][0], "fits", None)
                if fits is not None and not fits(*found[-1][:2]):
                    raise Refused("%s is another thing than it was" % path)
        variables = _unmarked(state["locals"], left) if state["locals"] else None
        lost = _lost(state, left) + ["%s (workers that last)" % path for path in tensors.lasting_loaders(self._anchors)]
        if lost:
            events.warn("resume-inexact", "What could not be kept begins anew: %s." % ", ".join(lost))
        return found, dict(variables.pairs) if variables else {}, state

    def restore(self, read):
        """Brings the script's objects to where they were.

        @returns what `parts` was given, and the variables of the function that the loop is in; none at the level of a module
        @throws HalfRestored when some of it could not be put back: the script's state is then that of no moment
        """
        found, variables, state = read
        for obj, content, aspect, base in found:
            try:
                aspect.restore(obj, content, base)
            except Exception as error:
                raise HalfRestored("%s: %r" % (self._anchors.path_of(obj), error)) from error
        randomness.restore(state["random"])
        return state["about"], variables


def _type_name(obj):
    return "%s.%s" % (type(obj).__module__, type(obj).__qualname__)


#: What most often only is left over from an iteration, and is made anew in the next one.
_LEFT_OVER = ("TextIOWrapper", "BufferedReader", "BufferedWriter", "tqdm", "tqdm_asyncio", "module", "Thread", "_Environ")


def _lost(state, left):
    """In words: what of the script was lost that goes on being used. Variables of the loop itself are not."""
    found = []
    for path, _, marked in state["changes"]:
        parts = [(marked[1], "")] if marked[0] == "one" else [(number, key) for number, key, _ in marked[2]]
        for number, key in parts:
            what = left.get(number)
            if what is not None and what not in _LEFT_OVER and ("." in path or what == "a generator"):
                found.append("%s%s (%s)" % (path, ".%s" % key if isinstance(key, str) and key else "", what))
    return sorted(found)[:10]


class _Mark:
    """Tells the writer to which entry belongs what follows."""

    def __init__(self, number):
        self.number = number


def _unmarked(marked, left):
    """The content without what was left out; None when nothing is left."""
    if marked[0] == "one":
        return None if marked[1] in left else marked[2]
    pairs = [(key, value) for number, key, value in marked[2] if number not in left]
    # What had to be left out stays as it is: so nothing is to be taken away.
    return mappings.Entries(pairs, marked[1] and len(pairs) == len(marked[2])) if pairs or marked[1] else None


class _Writer(pickle.Pickler):
    def __init__(self, file, known):
        super().__init__(file, protocol=5)
        self._known = known
        self._storages = tensors.Storages(known)
        self._count = 0
        self._mark = 0
        #: The numbers of the entries in which something could not be kept, and what it is.
        self.left = {}
        self.types = {}

    def marked(self, content):
        if isinstance(content, mappings.Entries):
            return "entries", content.whole, [(self._next(), key, value) for key, value in content.pairs]
        return "one", self._next(), content

    def _next(self):
        self._count += 1
        return _Mark(self._count)

    def persistent_id(self, obj):
        kind = type(obj)
        if kind in _PLAIN:
            return None
        if kind is _Mark:
            self._mark = obj.number
            return obj.number
        path = self._known.path_of(obj)
        if path is not None and path not in self.types:
            self.types[path] = _type_name(obj)
        return path

    def reducer_override(self, obj):
        try:
            return self._reduced(obj)
        except Exception:
            self.left.setdefault(self._mark, obj.what if type(obj) is containers.Lost else type(obj).__name__)
            return _nothing, ()

    def _reduced(self, obj):
        kind = type(obj)
        if kind in tensors.STAND_INS:
            return obj.reduced()
        if kind.__module__.startswith("torch"):
            found = self._storages.reduced(obj) if isinstance(obj, sys.modules["torch"].Tensor) else None
            if found is not None:
                return found
        elif kind.__module__ == "numpy" and isinstance(obj, sys.modules["numpy"].ndarray):
            found = arrays.reduced(obj, self._known)
            if found is not None:
                return found
        if kind is containers.Lost:
            raise pickle.PicklingError(obj.what)
        found = remade.reduced(obj)
        if found is not None:
            return found
        reduce = copyreg.dispatch_table.get(kind)
        return reduce(obj) if reduce else obj.__reduce_ex__(5)


_PLAIN = frozenset([int, float, bool, str, bytes, type(None), tuple])


def _nothing():
    return None


class _Reader(pickle.Unpickler):
    def __init__(self, file, known):
        super().__init__(file)
        self._known = known

    def persistent_load(self, pid):
        if isinstance(pid, int):
            return pid
        try:
            return self._known.get(pid)
        except KeyError:
            raise Refused("the script has no %s" % pid) from None
