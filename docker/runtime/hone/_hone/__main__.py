"""Runs a script as `python script.py` would, with what `instrument` adds to its loops: `python -m _hone script.py ...`."""

import os
import sys


def _module(path):
    """The `__main__` that the script expects."""
    import builtins
    import types
    from importlib.machinery import SourceFileLoader

    module = types.ModuleType("__main__")
    module.__dict__.update(
        __file__=path,
        __builtins__=builtins,
        __loader__=SourceFileLoader("__main__", path),
        __spec__=None,
        __package__=None,
        __cached__=None,
    )
    sys.modules["__main__"] = module
    return module


def _compile(path):
    with open(path, "rb") as file:
        source = file.read()
    try:
        from . import instrument

        return instrument.compiled(source, path)
    except SyntaxError:
        raise
    except Exception as error:
        from . import events

        events.complain(error)
        return compile(source, path, "exec", dont_inherit=True)


def _remember():
    try:
        from . import again

        again.remember()
    except Exception as error:
        from . import events

        events.complain(error)


def _run():
    """@returns the exit code of a script that raised; None for one that came to its end."""
    _remember()
    path = os.path.abspath(sys.argv[1])
    sys.argv[:] = sys.argv[1:]
    sys.path[0] = os.path.dirname(os.path.realpath(path))
    scope = _module(path).__dict__
    try:
        exec(_compile(path), scope)
    except SystemExit:
        raise
    except BaseException as error:
        own = error.__traceback__
        # Nobody is to read of frames that are not the script's.
        while own is not None and own.tb_frame.f_globals.get("__package__") == "_hone":
            own = own.tb_next
        sys.excepthook(type(error), error.with_traceback(own), own)
        return 130 if isinstance(error, KeyboardInterrupt) else 1


_status = _run()
if _status is not None:
    sys.exit(_status)
