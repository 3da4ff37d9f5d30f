"""What has keys and values, or names and values, as aspects (containers.py): dictionaries, attributes, modules, functions."""

from collections import OrderedDict

from . import place
from .holders import ATOMS, TOO_LONG, held, is_held, same


class Entries:
    """Keys and values; each may be left out by itself. `whole`: what is not among them is gone."""

    def __init__(self, pairs, whole):
        self.pairs = pairs
        self.whole = whole


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
            if type(key) not in ATOMS:
                yield "{%s}" % name, key
            yield "[%s]" % name, value

    def baseline(self, obj, path):
        pairs = self.pairs(obj)
        if len(pairs) > TOO_LONG:
            return [key for key, _ in pairs], [value for _, value in pairs]
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
