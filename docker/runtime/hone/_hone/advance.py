"""Which iterables can be entered in their middle, and how: each item is fetched as before, only nothing is done with it."""

import sys

_INDEXED = (range, list, tuple, str, bytes, dict, type({}.keys()), type({}.values()), type({}.items()))
_EMPTY = ([], (), "", b"", range(0), range(1 << 70), {}, {}.keys(), {}.values(), {}.items())
_ITERATORS = tuple(type(iter(one)) for one in _EMPTY)


class Way:
    def __init__(self, iterable, total, draws=False):
        self._iterable = iterable
        #: Of items; None where nobody knows before the end.
        self.total = total
        #: Whether to fetch an item may draw random numbers.
        self.draws = draws

    def begin(self, done):
        """The iterator, after so many items."""
        iterator = iter(self._iterable)
        if type(self._iterable) is list:
            # Also where the loop takes items away.
            iterator.__setstate__(done)
            return iterator
        for _ in range(done):
            next(iterator, None)
        return iterator


class _Bar(Way):
    """A bar of tqdm: its iterator is advanced below of it, and it begins where it had been."""

    def __init__(self, bar, inner):
        super().__init__(bar, inner.total, inner.draws)
        self._inner = inner

    def begin(self, done):
        bar = self._iterable
        if done:
            bar.iterable = self._inner.begin(done)
            bar.n = bar.initial = bar.last_print_n = done
            getattr(bar, "refresh", lambda: None)()
        return iter(bar)


def way(iterable):
    """@returns a Way; None of what cannot be entered in its middle, such as a loader's batches"""
    kind = type(iterable)
    if kind in _INDEXED:
        return Way(iterable, len(iterable))
    if kind.__module__.partition(".")[0] == "tqdm" and hasattr(iterable, "iterable"):
        inner = way(iterable.iterable)
        return None if inner is None else _Bar(iterable, inner)
    return Way(iterable, _length(iterable), _draws(iterable)) if _is_advanceable(iterable) else None


def _length(iterable):
    try:
        return len(iterable)
    except TypeError:
        length = getattr(iterable, "__length_hint__", None)
        return length() if length is not None else None


def _draws(iterable):
    kind = type(iterable)
    if kind in (enumerate, zip, reversed):
        return any(_draws(one) for one in iterable.__reduce__()[1])
    return kind.__name__ == "generator"


def _is_advanceable(iterable):
    kind = type(iterable)
    if kind in _INDEXED or kind in _ITERATORS:
        return True
    if kind in (enumerate, zip, reversed):
        # What they are made of: (enumerate, (iterator, 0))
        return all(_is_advanceable(one) for one in iterable.__reduce__()[1] if not isinstance(one, int))
    if kind.__module__ == "itertools":
        return kind.__name__ in ("count", "repeat", "product", "permutations", "combinations")
    if kind.__name__ == "generator" and hasattr(iterable, "gi_code"):
        # The folds of scikit-learn's splitters.
        return iterable.gi_code.co_filename.replace("\\", "/").endswith("sklearn/model_selection/_split.py")
    numpy = sys.modules.get("numpy")
    return numpy is not None and kind is getattr(numpy, "ndarray", None)
