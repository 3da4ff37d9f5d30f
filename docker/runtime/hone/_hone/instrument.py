"""Adds to the loops of a script, and of the user's own modules, what lets an attempt go on in their middle.

The sources are parsed by Python itself and compiled under their own names and lines, so that a traceback shows the
user's own text. No file is changed, and none is read or written that holds compiled code.
"""

import ast
import sys

from . import door, events, imports, place

#: Longer sources are left as they are: nobody wrote them by hand.
MAX_BYTES = 2000000


def compiled(source, path):
    """@returns the code object of a script's source (bytes)"""
    door.hang(door.Open())
    sys.meta_path.insert(0, _Finder())
    return _code(source, path)


def _code(source, path):
    tree = None
    if len(source) <= MAX_BYTES and (b"for" in source or b"while" in source):
        try:
            from . import rewrite

            tree = rewrite.rewritten(ast.parse(source, path), place.relative(path))
        except SyntaxError:
            # The plain compilation words it better.
            pass
        except Exception as error:
            events.complain(error)
    if tree is not None:
        try:
            return compile(tree, path, "exec", dont_inherit=True)
        except Exception as error:
            events.complain(error)
    return compile(source, path, "exec", dont_inherit=True)


class _Finder:
    """Finds the user's own modules, and compiles them with what is added."""

    def find_spec(self, name, path=None, target=None):
        if imports.is_awaited(name):
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            # That of imports.py asks this one in its turn.
            if find is None or type(finder).__module__.startswith("_hone"):
                continue
            spec = find(name, path, target)
            if spec is not None:
                return _own(spec)
        return None


def _own(spec):
    try:
        from importlib.machinery import SourceFileLoader

        if type(spec.loader) is SourceFileLoader and place.is_user_file(spec.loader.path):
            spec.loader = _loader_class()(spec.loader.name, spec.loader.path)
    except Exception as error:
        events.complain(error)
    return spec


_loader = None


def _loader_class():
    global _loader
    if _loader is None:
        from importlib.machinery import SourceFileLoader

        class Loader(SourceFileLoader):
            def get_code(self, fullname):
                path = self.get_filename(fullname)
                return _code(self.get_data(path), path)

        _loader = Loader
    return _loader
