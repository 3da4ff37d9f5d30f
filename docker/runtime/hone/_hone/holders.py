"""How the runtime remembers which object was where, and keeps nothing alive by that for longer than it must."""

import operator
import sys
import weakref

ATOMS = frozenset([int, float, complex, bool, str, bytes, type(None), type(Ellipsis), range, slice])
#: Nobody looks into the elements of a container that is longer.
TOO_LONG = 20000


def only_atoms(values):
    return set(map(type, values)) <= ATOMS


class Kept:
    """The one reference to what takes no weak ones, such as a list, for all who remember it.

    As long as it lives its identity is nobody else's. When nobody but this has it, nobody will ever meet it again.
    """

    __slots__ = ("obj", "__weakref__")

    def __init__(self, obj):
        self.obj = obj

    def let_go(self):
        """Gives it up where nobody else has it."""
        # This one, and that of the call itself.
        if sys.getrefcount(self.obj) <= 2:
            self.obj = None


#: Identity -> Kept, so that each object has one.
_kept = weakref.WeakValueDictionary()


def held(value):
    """What remembers an object, for `is_held` and `alive`; plain values and classes stand for themselves."""
    if type(value) in ATOMS or isinstance(value, type):
        return value
    try:
        return weakref.ref(value)
    except TypeError:
        pass
    kept = _kept.get(id(value))
    if kept is None or kept.obj is not value:
        kept = _kept[id(value)] = Kept(value)
    return kept


def alive(holder):
    """The object that is remembered; None when it is no more."""
    if type(holder) is Kept:
        return holder.obj
    return holder() if type(holder) is weakref.ref else holder


def is_held(holder, value):
    """Whether a value is that very one that `held` was given."""
    # None is a plain value: what is no more is not None.
    return holder is value or (value is not None and alive(holder) is value)


def same(holders, values):
    """The same of many; the holders may be the values themselves."""
    if len(holders) != len(values):
        return False
    if all(map(operator.is_, holders, values)):
        return True
    return all(is_held(one, value) for one, value in zip(holders, values))
