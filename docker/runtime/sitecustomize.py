"""Loads Hone's runtime into every Python of a training container, then the sitecustomize that it stands in front of."""
import sys


def _load_next():
    """Runs the image's own sitecustomize, if it has one, as Python would have."""
    import importlib.machinery
    import os

    here = os.path.dirname(os.path.abspath(__file__))
    paths = [path for path in sys.path if os.path.abspath(path or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", paths)
    if spec is not None and spec.loader is not None:
        import importlib.util

        spec.loader.exec_module(importlib.util.module_from_spec(spec))


try:
    import hone

    hone.install()
except Exception as error:  # a training must never end because of its observer
    sys.stderr.write("[hone] runtime not loaded: %r\n" % (error,))

_load_next()
