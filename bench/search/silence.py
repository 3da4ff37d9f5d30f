"""Debian's torch and onnxruntime each register the same ONNX operators, and say so in a thousand harmless lines."""

import os
from contextlib import contextmanager


@contextmanager
def silence():
    """Nothing reaches the standard error meanwhile, what libraries in C++ write included."""
    kept = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)
