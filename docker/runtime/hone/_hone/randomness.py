"""The states of the random generators that all code of a process shares."""

import random
import sys

from . import seeds


def capture():
    """@returns something that can be pickled, for `restore`"""
    state = {"python": random.getstate()}
    if seeds.entropy is not None:
        state["entropy"] = seeds.entropy.getstate()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        state["numpy"] = numpy.random.get_state()
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "get_rng_state"):
        state["torch"] = torch.get_rng_state().numpy().tobytes()
        if torch.cuda.is_available() and torch.cuda.is_initialized():
            state["cuda"] = [one.numpy().tobytes() for one in torch.cuda.get_rng_state_all()]
    if "tensorflow" in sys.modules:
        from . import keras_random

        state["tensorflow"] = keras_random.capture()
    return state


def restore(state):
    random.setstate(state["python"])
    if seeds.entropy is not None and "entropy" in state:
        seeds.entropy.setstate(state["entropy"])
    numpy = sys.modules.get("numpy")
    if numpy is not None and "numpy" in state:
        numpy.random.set_state(state["numpy"])
    torch = sys.modules.get("torch")
    if torch is not None and "torch" in state:
        torch.set_rng_state(_tensor(torch, state["torch"]))
        if "cuda" in state and torch.cuda.device_count() == len(state["cuda"]):
            torch.cuda.set_rng_state_all([_tensor(torch, one) for one in state["cuda"]])
    if "tensorflow" in sys.modules:
        from . import keras_random

        keras_random.restore(state.get("tensorflow"))


def _tensor(torch, data):
    return torch.frombuffer(bytearray(data), dtype=torch.uint8)
