"""Plain attributes of the objects that a training keeps its state in: counters, lists of losses, best values, generators.

What a framework saves by itself are weights and optimisers. A user's own `self.history` or `self.best` is in none of it.
"""

import collections
import random
import sys

_SCALARS = (type(None), bool, int, float, complex, str, bytes)
_SEQUENCES = (list, tuple, set, frozenset, collections.deque)
_MAPPINGS = (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)
#: Containers in containers, and elements of all; what has more is left as the script made it.
_MAX_DEPTH = 8
_MAX_ITEMS = 200000
#: Of one array or tensor.
_MAX_BYTES = 1 << 25


class _Unplain(Exception):
    pass


def capture(objects, skip=()):
    """@param objects key -> object
    @param skip names of attributes that are not to be kept
    @returns something that can be pickled, for `restore`
    """
    found = {}
    for key, one in objects.items():
        values = {}
        for name, value in list(getattr(one, "__dict__", {}).items()):
            if name in skip:
                continue
            try:
                values[name] = _encode(value, 0, [_MAX_ITEMS])
            except _Unplain:
                continue
        found[key] = values
    return found


def restore(objects, found):
    """Sets what `capture` found. Containers, tensors and generators are filled where they are: others may hold them too."""
    for key, values in found.items():
        attributes = getattr(objects.get(key), "__dict__", None)
        if attributes is None:
            continue
        for name, encoded in values.items():
            if encoded[0] in _GENERATORS and name not in attributes:
                continue
            attributes[name] = _decode(encoded, attributes.get(name))


class Generators:
    """Only the random generators among an object's attributes, to be captured alone."""

    def __init__(self, one):
        names = ("Generator", "RandomState", "Random")
        found = getattr(one, "__dict__", {})
        self.__dict__.update({key: value for key, value in found.items() if type(value).__name__ in names})


def flags(model):
    """Which parameters of a torch module are frozen and which of its modules are not in training, for `set_flags`."""
    return {
        "frozen": [name for name, value in model.named_parameters() if not value.requires_grad],
        "evaluating": [name for name, module in model.named_modules() if not module.training],
    }


def set_flags(model, found):
    frozen, evaluating = set(found["frozen"]), set(found["evaluating"])
    for name, value in model.named_parameters():
        if value.requires_grad == (name in frozen):
            value.requires_grad_(name not in frozen)
    for name, module in model.named_modules():
        module.training = name not in evaluating


def _encode(value, depth, budget):
    """@returns (kind, content)"""
    budget[0] -= 1
    if depth > _MAX_DEPTH or budget[0] < 0:
        raise _Unplain
    kind = type(value)
    if kind in _SCALARS:
        return ("value", value)
    if kind in _SEQUENCES:
        return (kind.__name__, [_encode(one, depth + 1, budget) for one in value])
    if kind in _MAPPINGS:
        pairs = [(_encode(name, depth + 1, budget), _encode(one, depth + 1, budget)) for name, one in value.items()]
        return ("dict", pairs)
    if kind is random.Random:
        return ("random", value.getstate())
    return _encode_array(value, kind)


def _encode_array(value, kind):
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if torch is not None:
        small = kind is torch.Tensor and value.numel() * value.element_size() <= _MAX_BYTES
        if small and value.layout is torch.strided:
            # A copy: what is kept is not to drag along the whole storage that it is a part of.
            return ("tensor", (value.detach().clone(), str(value.device)))
        if kind is torch.Generator:
            return ("generator", value.get_state())
    if numpy is not None:
        if kind is numpy.ndarray and value.dtype != object and value.nbytes <= _MAX_BYTES:
            return ("array", value)
        if isinstance(value, numpy.generic):
            return ("value", value)
        if kind is numpy.random.Generator:
            return ("bits", value.bit_generator.state)
        if kind is numpy.random.RandomState:
            return ("numpy", value.get_state())
    raise _Unplain


def _decode(encoded, existing):
    kind, content = encoded
    if kind == "value":
        return content
    if kind == "tensor":
        return _decode_tensor(content[0], content[1], existing)
    if kind == "array":
        if not _alike(content, existing) or not existing.flags.writeable:
            return content
        existing[...] = content
        return existing
    if kind == "dict":
        return _decode_mapping(content, existing)
    if kind in _GENERATORS:
        # One that the script has not made again stays what it is.
        _GENERATORS[kind](existing, content)
        return existing
    return _decode_sequence(kind, content, existing)


def _set_bits(generator, state):
    generator.bit_generator.state = state


_GENERATORS = {
    "random": lambda generator, state: generator.setstate(state),
    "generator": lambda generator, state: generator.set_state(state),
    "numpy": lambda generator, state: generator.set_state(state),
    "bits": _set_bits,
}


def _alike(one, other):
    return type(one) is type(other) and one.shape == other.shape and one.dtype == other.dtype


def _decode_tensor(content, device, existing):
    if not _alike(content, existing):
        return content.to(device)
    if existing.requires_grad or existing.is_inference():
        return content.to(existing.device)
    existing.copy_(content)
    return existing


def _decode_sequence(kind, content, existing):
    same = existing is not None and type(existing).__name__ == kind
    before = list(existing) if same and kind in ("list", "deque") else []
    before += [None] * (len(content) - len(before))
    values = [_decode(one, old) for one, old in zip(content, before)]
    if kind in ("tuple", "frozenset"):
        return tuple(values) if kind == "tuple" else frozenset(values)
    if not same:
        return {"list": list, "set": set, "deque": collections.deque}[kind](values)
    existing.clear()
    (existing.update if kind == "set" else existing.extend)(values)
    return existing


def _decode_mapping(content, existing):
    old = existing if type(existing) in _MAPPINGS else {}
    pairs = [(_decode(name, None), one) for name, one in content]
    values = [(name, _decode(one, old.get(name))) for name, one in pairs]
    if old is not existing:
        return dict(values)
    existing.clear()
    # A Counter's own `update` adds.
    for name, value in values:
        existing[name] = value
    return existing
