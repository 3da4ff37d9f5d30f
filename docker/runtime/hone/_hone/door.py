"""What rewritten code calls, by the name `__hone__` that every module sees. Small: every process has one."""

import builtins
import sys


class Untouched:
    """Where nothing is kept: the loop is as it was."""

    back = None
    over = False

    def __init__(self, items):
        self.items = items

    def turn(self):
        pass

    def leave(self):
        pass


class Closed:
    """In a child process, which may be handed the rewritten code of its parent by value."""

    def loop(self, about, iterable):
        return Untouched(iterable)

    def turns(self, about):
        return Untouched(None)


class Open:
    """In the process that keeps checkpoints. Loads the rest when a loop is met."""

    def loop(self, about, iterable):
        loops = _loops()
        return Untouched(iterable) if loops is None else loops.over(about, iterable, sys._getframe(1))

    def turns(self, about):
        loops = _loops()
        return Untouched(None) if loops is None else loops.turning(about, sys._getframe(1))


def hang(door):
    builtins.__hone__ = door


def _loops():
    """None when they cannot be loaded: the user's loop is to go on without."""
    try:
        from . import loops

        return loops
    except Exception as error:
        from . import events

        events.complain(error)
        return None
