"""How lists, sets, generators and the like are compared with what they were, and brought back in place.

Each class here and in mappings.py is an aspect: something of an object that can change.
    children(obj)           (suffix of a path, object) of all that it leads to, in a fixed order
    baseline(obj, path)     what `changes` compares with
    changes(obj, base)      None, or what `restore` needs: an Entries where parts of it may be left out
    restore(obj, content, base)
"""

import operator

from .holders import TOO_LONG, held, only_atoms, same

#: Of a list that is longer the elements are told by their places, so that one that was shuffled is cheap.
LONG = 1000


class Sequence:
    """Lists and deques."""

    def children(self, obj):
        if len(obj) > TOO_LONG or (len(obj) > 64 and only_atoms(obj)):
            return
        for index, value in enumerate(obj):
            yield "[%d]" % index, value

    def baseline(self, obj, path):
        # Of a long one the elements are needed to tell their new places.
        return list(obj) if len(obj) > LONG else [held(value) for value in obj]

    def changes(self, obj, base):
        now = list(obj)
        if same(base, now):
            return None
        if len(base) > LONG and len(now) <= 2 * len(base):
            places = {id(value): index for index, value in enumerate(base)}
            order = [places.get(id(value), -1) for value in now]
            new = [value for value, index in zip(now, order) if index < 0]
            if len(new) < len(now) // 2:
                from array import array

                return "order", array("q", order), new
        return "all", now

    def restore(self, obj, content, base):
        if content[0] == "order":
            new = iter(content[2])
            values = [base[index] if index >= 0 else next(new) for index in content[1]]
        else:
            values = content[1]
        if isinstance(obj, list):
            list.__setitem__(obj, slice(None), values)
        else:
            obj.clear()
            obj.extend(values)


class Set:
    def children(self, obj):
        return ()

    def baseline(self, obj, path):
        return list(obj)

    def changes(self, obj, base):
        now = list(obj)
        return None if same(base, now) else now

    def restore(self, obj, content, base):
        set.clear(obj)
        set.update(obj, content)


class Bytes:
    def children(self, obj):
        return ()

    def baseline(self, obj, path):
        return bytes(obj)

    def changes(self, obj, base):
        return None if bytes(obj) == base else bytes(obj)

    def restore(self, obj, content, base):
        obj[:] = content


class Lost:
    """Stands for what cannot be kept. @param what in words"""

    def __init__(self, what):
        self.what = what


class Running:
    """A generator: where it stands cannot be kept."""

    def children(self, obj):
        return ()

    def baseline(self, obj, path):
        return None if obj.gi_frame is None else obj.gi_frame.f_lasti

    def changes(self, obj, base):
        if base is None or (obj.gi_frame is not None and obj.gi_frame.f_lasti == base and base <= 0):
            return None
        return Lost("a generator")

    def restore(self, obj, content, base):
        pass


class State:
    """What answers and takes its state: generators of random numbers, and what says so by `__getstate__`."""

    def __init__(self, get, put, same=operator.eq):
        self._get, self._put, self._same = get, put, same

    def children(self, obj):
        return ()

    def baseline(self, obj, path):
        return None

    def changes(self, obj, base):
        return (self._get(obj),)

    def restore(self, obj, content, base):
        self._put(obj, content[0])
