"""The variables of the user's functions, read in a way that keeps none of their values alive."""

import sys

#: Up to Python 3.12 a frame keeps the dictionary that it once answered, with all that is in it, to its end.
_KEEPS = sys.version_info < (3, 13)
_OPTIMIZED = 1


def variables(frame):
    """name -> value, a dictionary of one's own"""
    found = frame.f_locals
    copied = dict(found)
    # One of a module or class is no copy. One that the user has got by `locals()` is the user's, and has one more
    # reference than the frame's, this function's and that of the call.
    if _KEEPS and frame.f_code.co_flags & _OPTIMIZED and sys.gettrace() is None and sys.getrefcount(found) <= 3:
        found.clear()
    return copied


def is_module(frame):
    """Whether a frame runs a module, and not a function in it."""
    return not frame.f_code.co_flags & _OPTIMIZED and frame.f_locals is frame.f_globals
