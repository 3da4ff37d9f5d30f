"""Loaded by Python itself at its start, through PYTHONPATH. Steps aside whatever happens."""


def _start():
    try:
        import _hone

        _hone.start()
    except Exception as error:  # a broken runtime must not break a training
        import sys

        print(f"[hone] The runtime steps aside: {error!r}", file=sys.stderr)


def _next_sitecustomize():
    """Runs the sitecustomize that this one hides, where the system has one."""
    import os
    import sys
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    own = os.path.dirname(os.path.abspath(__file__))
    others = [path for path in sys.path if os.path.abspath(path or ".") != own]
    spec = PathFinder.find_spec("sitecustomize", others)
    if spec is None or spec.loader is None:
        return
    module = module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


_start()
_next_sitecustomize()
