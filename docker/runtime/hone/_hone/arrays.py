"""numpy's arrays and generators: compared by a checksum, brought back in place."""

import pickle
import sys
import zlib

from . import containers, holders

#: Bytes of one array, and of all, that are read as a whole; of others pieces all over are.
MOST_OF_ONE = 32 << 20
MOST_OF_ALL = 64 << 20
_PIECES = 64
_PIECE = 16384


class Budget:
    """How much has been read in full since a walk began."""

    def __init__(self):
        self.left = MOST_OF_ALL

    def takes(self, size):
        if size > MOST_OF_ONE or size > self.left:
            return False
        self.left -= size
        return True


def fingerprint(array, whole):
    """A CRC-32 of an array's bytes. @param whole or only of pieces all over it"""
    if not array.flags.c_contiguous:
        if whole or array.nbytes <= _PIECES * _PIECE or not len(array):
            return zlib.crc32(array.tobytes())
        rows = max(1, len(array) // _PIECES)
        return zlib.crc32(array[::rows].tobytes()[: _PIECES * _PIECE])
    data = memoryview(array.reshape(-1).view("u1"))
    if whole or len(data) <= _PIECES * _PIECE:
        return zlib.crc32(data)
    crc, step = 0, len(data) // _PIECES
    for start in range(0, len(data), step):
        crc = zlib.crc32(data[start : start + _PIECE], crc)
    return zlib.crc32(data[-_PIECE:], crc)


class Raw:
    """Stands for the data of an array in a checkpoint."""

    def __init__(self, array):
        self.array = array

    def reduced(self):
        data = sys.modules["numpy"].ascontiguousarray(self.array).reshape(-1).view("u1")
        return _array_of, (pickle.PickleBuffer(data), self.array.dtype, self.array.shape)


def _array_of(data, dtype, shape):
    return sys.modules["numpy"].frombuffer(data, "u1").view(dtype).reshape(shape)


class Array:
    def __init__(self):
        self.budget = Budget()

    def children(self, obj):
        return ()

    def baseline(self, obj, path):
        if not obj.flags.writeable or not obj.nbytes:
            return None
        whole = self.budget.takes(obj.nbytes)
        return whole, fingerprint(obj, whole)

    def changes(self, obj, base):
        if base is None or fingerprint(obj, base[0]) == base[1]:
            return None
        return (Raw(obj),)

    def restore(self, obj, content, base):
        obj[...] = content[0]

    def fits(self, obj, content):
        return obj.shape == content[0].shape


class ObjectArray:
    """Compared by the identity of its elements."""

    def children(self, obj):
        if obj.size <= holders.TOO_LONG:
            for index, value in enumerate(obj.ravel()):
                yield "[%d]" % index, value

    def baseline(self, obj, path):
        return [holders.held(value) for value in obj.ravel()]

    def changes(self, obj, base):
        now = list(obj.ravel())
        return None if holders.same(base, now) else ("all", now)

    def restore(self, obj, content, base):
        for index, value in enumerate(content[1]):
            obj.flat[index] = value


class _AnyArray:
    """An array's type does not say what is in it."""

    def __init__(self):
        self._plain, self._objects = Array(), ObjectArray()

    def _of(self, obj):
        return self._objects if obj.dtype.hasobject else self._plain

    def begin(self):
        self._plain.budget = Budget()

    def children(self, obj):
        return self._of(obj).children(obj)

    def baseline(self, obj, path):
        return self._of(obj).baseline(obj, path)

    def changes(self, obj, base):
        return self._of(obj).changes(obj, base)

    def restore(self, obj, content, base):
        self._of(obj).restore(obj, content, base)

    def fits(self, obj, content):
        return obj.dtype.hasobject or self._plain.fits(obj, content)


_array = _AnyArray()


def begin():
    """A walk begins."""
    _array.begin()


def aspects(kind):
    """Of a type of numpy; None for any other."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not hasattr(numpy, "random"):
        return None
    if issubclass(kind, numpy.generic):
        return "value"
    if issubclass(kind, numpy.memmap):
        return ()
    if issubclass(kind, numpy.ndarray):
        return (_array,)
    if issubclass(kind, numpy.random.RandomState):
        return (containers.State(lambda one: one.get_state(), lambda one, state: one.set_state(state)),)
    if issubclass(kind, numpy.random.Generator):
        return (_Generator(),)
    if issubclass(kind, numpy.random.BitGenerator):
        return (containers.State(lambda one: one.state, lambda one, state: setattr(one, "state", state)),)
    return None


class _Generator(containers.State):
    def __init__(self):
        super().__init__(lambda one: one.bit_generator.state, lambda one, state: setattr(one.bit_generator, "state", state))


def reduced(array, anchors):
    """How a new array is kept: as a view where its data is that of one that is known; None: as numpy itself does it."""
    numpy = sys.modules["numpy"]
    base = array.base
    if type(array) is not numpy.ndarray or type(base) is not numpy.ndarray or array.dtype.hasobject:
        return None
    while type(base.base) is numpy.ndarray and anchors.path_of(base) is None:
        base = base.base
    if not base.flags.c_contiguous or (anchors.path_of(base) is None and base.nbytes > 2 * array.nbytes):
        return None
    offset = array.__array_interface__["data"][0] - base.__array_interface__["data"][0]
    return _view, (base, array.dtype, array.shape, array.strides, offset)


def _view(base, dtype, shape, strides, offset):
    return sys.modules["numpy"].ndarray(shape, dtype, base, offset, strides)
