"""PyTorch's tensors: brought back in place, with their gradients, and with the memory that they share."""

import pickle
import sys

from . import arrays, containers


def aspects(kind):
    """Of a type of PyTorch; None for any other."""
    torch = sys.modules.get("torch")
    if torch is None or not hasattr(torch, "Tensor"):
        return None
    if issubclass(kind, torch.Tensor):
        return (_tensor,) if kind in (torch.Tensor, torch.nn.Parameter) else ()
    if issubclass(kind, torch.Generator):
        return (containers.State(lambda one: one.get_state(), lambda one, state: one.set_state(state)),)
    if issubclass(kind, (torch.dtype, torch.device, torch.layout, torch.memory_format)):
        return "value"
    return None


def is_module(kind):
    """Whether it is one of nn.Module, whatever wraps it."""
    torch = sys.modules.get("torch")
    return torch is not None and hasattr(torch, "nn") and issubclass(kind, torch.nn.Module)


def lasting_loaders(anchors):
    """Paths of the loaders whose workers go on from epoch to epoch: what these have drawn is not known here."""
    module = sys.modules.get("torch.utils.data")
    if module is None:
        return []
    found = anchors.alive(module.DataLoader)
    return [path for path, one in found if getattr(one, "persistent_workers", False) and one.num_workers > 0]


def is_plain(tensor):
    """Whether its bytes say all."""
    torch = sys.modules["torch"]
    return (
        type(tensor) in (torch.Tensor, torch.nn.Parameter)
        and tensor.layout == torch.strided
        and not tensor.is_quantized
        and tensor.device.type not in ("meta", "xla")
        and not tensor.is_inference()
    )


def _bytes_of(tensor):
    """A numpy array of a tensor's bytes; the tensor's own memory where that is possible."""
    torch = sys.modules["torch"]
    plain = tensor.detach().resolve_conj().resolve_neg().cpu().contiguous().reshape(-1)
    return plain.view(torch.uint8).numpy()


class Raw:
    """Stands for the data of a tensor in a checkpoint."""

    def __init__(self, tensor):
        self.tensor = tensor

    def reduced(self):
        return _tensor_of, (pickle.PickleBuffer(_bytes_of(self.tensor)), self.tensor.dtype, tuple(self.tensor.shape))


def _tensor_of(data, dtype, shape):
    torch = sys.modules["torch"]
    if not len(data):
        return torch.empty(shape, dtype=dtype)
    return torch.frombuffer(_writable(data), dtype=torch.uint8).view(dtype).reshape(shape)


def _writable(data):
    return data if isinstance(data, bytearray) else bytearray(data)


class _Tensor:
    def __init__(self):
        self.budget = arrays.Budget()

    def children(self, obj):
        grad = obj.grad if obj.is_leaf else None
        return () if grad is None else ((".grad", grad),)

    def baseline(self, obj, path):
        """None: it is what is trained, so it is always kept."""
        if not is_plain(obj):
            return "strange"
        # A change through `.data` is counted by no version.
        if obj.requires_grad or "_buffers[" in path or not obj.numel():
            return None
        whole = self.budget.takes(obj.numel() * obj.element_size())
        return obj._version, whole, self._fingerprint(obj, whole), obj.data_ptr()

    def _fingerprint(self, obj, whole):
        flat = obj.detach()
        if obj.device.type != "cpu" and not whole:
            # Only pieces of it leave the device.
            flat = flat[:: max(1, len(flat) // 64)]
        return arrays.fingerprint(_bytes_of(flat), whole)

    def changes(self, obj, base):
        if base == "strange":
            return None
        if base is not None and (obj._version, obj.data_ptr()) == (base[0], base[3]):
            if self._fingerprint(obj, base[1]) == base[2]:
                return None
        return Raw(obj), obj.grad if obj.is_leaf else None

    def restore(self, obj, content, base):
        data, grad = content
        torch = sys.modules["torch"]
        with torch.no_grad():
            once, fits = _once(obj.data, data) if obj.shape == data.shape and obj.dtype == data.dtype else (None, None)
            if fits is None:
                obj.data = data.to(obj.device)
            else:
                once.copy_(fits)
        if obj.is_leaf and (grad is not None or obj.grad is not None):
            obj.grad = grad


def _once(tensor, data):
    """Views of both that name each piece of the tensor's memory once, as one that was expanded names it many times.

    @returns (None, None) when `data` has different values where the tensor has one
    """
    short, fits = tensor, data
    for dimension, (size, stride) in enumerate(zip(tensor.shape, tensor.stride())):
        if size > 1 and stride == 0:
            short, fits = short.narrow(dimension, 0, 1), fits.narrow(dimension, 0, 1)
    if fits is not data and not sys.modules["torch"].equal(_bits(fits.expand(data.shape)), _bits(data)):
        return None, None
    return short, fits


def _bits(tensor):
    return tensor.contiguous().reshape(-1).view(sys.modules["torch"].uint8)


_tensor = _Tensor()


def begin():
    """A walk begins."""
    _tensor.budget = arrays.Budget()


class Storages:
    """The memory of a checkpoint's tensors, each piece once."""

    def __init__(self, anchors):
        self._anchors = anchors
        self._known = None
        self._new = {}

    def _known_at(self, address):
        if self._known is None:
            torch = sys.modules["torch"]
            self._known = {}
            for _, obj in self._anchors.alive(torch.Tensor):
                if is_plain(obj) and obj.numel():
                    self._known.setdefault(obj.untyped_storage().data_ptr(), obj)
        return self._known.get(address)

    def reduced(self, tensor):
        """How a new tensor is kept; None: as PyTorch itself does it."""
        torch = sys.modules["torch"]
        if not is_plain(tensor) or not hasattr(tensor, "untyped_storage") or tensor.is_conj() or tensor.is_neg():
            return None
        grad = tensor.grad if tensor.is_leaf else None
        trained = tensor.requires_grad and tensor.is_leaf
        about = (tensor.dtype, tuple(tensor.shape), type(tensor) is torch.nn.Parameter, trained, grad)
        if not tensor.numel():
            return _new, (None, str(tensor.device), 0, tuple(tensor.stride())) + about
        storage = tensor.untyped_storage()
        known = self._known_at(storage.data_ptr())
        if known is not None:
            return _alias, (known, tensor.storage_offset(), tuple(tensor.stride())) + about
        if storage.nbytes() > 2 * tensor.numel() * tensor.element_size():
            tensor = tensor.detach().clone()
            storage = tensor.untyped_storage()
        stored = self._new.setdefault(storage.data_ptr(), _Stored(storage))
        return _new, (stored, str(tensor.device), tensor.storage_offset(), tuple(tensor.stride())) + about


class _Stored:
    """Stands for a piece of memory; also keeps it, so that its address is not given to another."""

    def __init__(self, storage):
        self.storage = storage

    def reduced(self):
        torch = sys.modules["torch"]
        whole = torch.empty(0, dtype=torch.uint8, device=self.storage.device).set_(self.storage)
        return _bytes_on, (pickle.PickleBuffer(_bytes_of(whole)), str(self.storage.device))


def _bytes_on(data, device):
    return sys.modules["torch"].frombuffer(_writable(data), dtype=sys.modules["torch"].uint8).to(device)


def _new(stored, device, offset, stride, dtype, shape, is_parameter, requires_grad, grad):
    torch = sys.modules["torch"]
    tensor = torch.empty(0, dtype=dtype, device=device)
    if stored is None:
        tensor = torch.empty(shape, dtype=dtype, device=device)
    else:
        tensor.set_(stored.untyped_storage(), offset, shape, stride)
    return _finished(tensor, is_parameter, requires_grad, grad)


def _alias(known, offset, stride, dtype, shape, is_parameter, requires_grad, grad):
    torch = sys.modules["torch"]
    tensor = torch.empty(0, dtype=dtype, device=known.device)
    tensor.set_(known.untyped_storage(), offset, shape, stride)
    return _finished(tensor, is_parameter, requires_grad, grad)


def _finished(tensor, is_parameter, requires_grad, grad):
    if is_parameter:
        tensor = sys.modules["torch"].nn.Parameter(tensor, requires_grad=requires_grad)
    elif requires_grad:
        tensor.requires_grad_(True)
    if grad is not None:
        tensor.grad = grad
    return tensor


#: What stands for something else in a checkpoint.
STAND_INS = (Raw, _Stored, arrays.Raw)
