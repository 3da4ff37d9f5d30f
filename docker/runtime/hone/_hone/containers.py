"""How lists, dictionaries, objects and the like are compared with what they were, and brought back in place.

Each class here is an aspect: something of an object that can change.
    children(obj)           (suffix of a path, object) of all that it leads to, in a fixed order
    baseline(obj, path)     what `changes` compares with
    changes(obj, base)      None, or what `restore` needs: an Entries where parts of it may be left out
    restore(obj, content, base)
"""

import operator
import weakref
from collections import OrderedDict

from . import place

_ATOMS = frozenset([int, float, complex, bool, str, bytes, type(None), type(Ellipsis), range, slice])
#: Of a list that is longer the elements are told by their places, so that one that was shuffled is cheap.
LONG = 1000
#: Nobody looks into the elements of one that is even longer.
TOO_LONG = 20000


class Entries:
    """Keys and values; each may be left out by itself. `whole`: what is not among them is gone."""

    def __init__(self, pairs, whole):
        self.pairs = pairs
        self.whole = whole


def only_atoms(values):
    return set(map(type, values)) <= _ATOMS


def held(value):
    """A reference that keeps nothing big alive: weak where an object is more than a container."""
    if type(value) in _ATOMS or isinstance(value, (list, dict, tuple, set, frozenset, type)):
        return value
    try:
        return weakref.ref(value)
    except TypeError:
        return value


def same(holders, values):
    """Whether the values are those very ones that `held` was given."""
    if len(holders) != len(values):
        return False
    if all(map(operator.is_, holders, values)):
        return True
    return all(is_held(one, value) for one, value in zip(holders, values))


def is_held(holder, value):
    return holder is value or (type(holder) is weakref.ref and holder() is value)


class _Mapping:
    """What has keys and values."""

    def pairs(self, obj):
        raise NotImplementedError

    def put(self, obj, pairs, whole):
        raise NotImplementedError

    def children(self, obj):
        pairs = self.pairs(obj)
        if len(pairs) > TOO_LONG:
            return
        for index, (key, value) in enumerate(pairs):
            name = repr(key) if type(key) in (str, int, bool) else "key %d" % index
            if type(key) not in _ATOMS:
                yield "{%s}" % name, key
            yield "[%s]" % name, value

    def baseline(self, obj, path):
        pairs = self.pairs(obj)
        return [held(key) for key, _ in pairs], [held(value) for _, value in pairs]

    def changes(self, obj, base):
        pairs = self.pairs(obj)
        keys, values = base
        if not same(keys, [key for key, _ in pairs]):
            return Entries(pairs, True)
        changed = [pair for holder, pair in zip(values, pairs) if not is_held(holder, pair[1])]
        return Entries(changed, False) if changed else None

    def restore(self, obj, content, base):
        self.put(obj, content.pairs, content.whole)


class Dictionary(_Mapping):
    def pairs(self, obj):
        # An ordered one keeps its order by itself.
        return list(OrderedDict.items(obj) if isinstance(obj, OrderedDict) else dict.items(obj))

    def put(self, obj, pairs, whole):
        kind = OrderedDict if isinstance(obj, OrderedDict) else dict
        if whole and [key for key, _ in self.pairs(obj)] != [key for key, _ in pairs]:
            kind.clear(obj)
        for key, value in pairs:
            kind.__setitem__(obj, key, value)


class Attributes(_Mapping):
    """`__dict__` and `__slots__`, by name, so that the order in which they were set does not count."""

    def pairs(self, obj):
        found = dict(own_dict(obj) or {})
        for name in slots_of(type(obj)):
            try:
                found[name] = object.__getattribute__(obj, name)
            except AttributeError:
                pass
        return sorted((pair for pair in found.items() if type(pair[0]) is str), key=lambda pair: pair[0])

    def children(self, obj):
        for name, value in self.pairs(obj):
            yield "." + name, value

    def put(self, obj, pairs, whole):
        own = own_dict(obj)
        slots = slots_of(type(obj))
        if whole and own is not None:
            kept = {name for name, _ in pairs}
            for name in [name for name in own if name not in kept]:
                del own[name]
        for name, value in pairs:
            if own is not None and name not in slots:
                own[name] = value
            else:
                object.__setattr__(obj, name, value)


def own_dict(obj):
    try:
        own = object.__getattribute__(obj, "__dict__")
    except Exception:
        return None
    return own if type(own) is dict else None


def slots_of(kind):
    names = []
    for one in kind.__mro__:
        slots = one.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name in ("__dict__", "__weakref__"):
                continue
            is_mangled = name.startswith("__") and not name.endswith("__")
            names.append("_%s%s" % (one.__name__.lstrip("_"), name) if is_mangled else name)
    return names


class Globals(Attributes):
    """The variables of one of the user's modules."""

    def pairs(self, obj):
        found = obj.__dict__
        names = [name for name in found if type(name) is str and not name.startswith(("__", "_hone_"))]
        return [(name, found[name]) for name in sorted(names)]

    def put(self, obj, pairs, whole):
        if whole:
            kept = {name for name, _ in pairs}
            for name in [name for name, _ in self.pairs(obj) if name not in kept]:
                del obj.__dict__[name]
        obj.__dict__.update(pairs)


class OfClass(Attributes):
    """The plain values among a class's attributes: counters, registries."""

    def pairs(self, obj):
        found = []
        for name, value in sorted(obj.__dict__.items()):
            if name.startswith("__") or callable(value) or hasattr(type(value), "__get__"):
                continue
            found.append((name, value))
        return found

    def put(self, obj, pairs, whole):
        for name, value in pairs:
            type.__setattr__(obj, name, value)


class Function(_Mapping):
    """What one of the user's functions closes over, and its attributes."""

    def pairs(self, obj):
        if not place.is_user_file(obj.__code__.co_filename):
            return []
        found = sorted(obj.__dict__.items())
        for name, cell in zip(obj.__code__.co_freevars, obj.__closure__ or ()):
            found.append(("(%s)" % name, cell))
        for index, value in enumerate(obj.__defaults__ or ()):
            found.append(("(default %d)" % index, value))
        return found

    def put(self, obj, pairs, whole):
        obj.__dict__.update((name, value) for name, value in pairs if not name.startswith("("))


class Cell(_Mapping):
    def pairs(self, obj):
        try:
            return [("", obj.cell_contents)]
        except ValueError:
            return []

    def put(self, obj, pairs, whole):
        for _, value in pairs:
            obj.cell_contents = value


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
