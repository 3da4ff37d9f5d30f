"""Rewrites the syntax tree of a module: its training loops tell where they are, and can be entered in their middle. Pure.

    for t in it:                        _hone_1 = __hone__.loop(ABOUT, it)
        body                            try:
                                            for t in _hone_1.items:
                                                if _hone_1.back is not None: RESTORE
                                                body, with `_hone_1.broken = True` before its own breaks
                                            else:
                                                if _hone_1.back is not None: RESTORE
                                                if not _hone_1.broken: the loop's own else
                                        finally:
                                            _hone_1.leave()

`while test: body` becomes `while True:` that begins with `_hone_1.turn()`, RESTORE and the test. RESTORE binds the names
that the function assigns; at the level of a module the runtime sets them itself.
"""

import ast

from . import looks

_SKIPPED_FUNCTIONS = looks.NETWORK_METHODS | {"__getitem__", "__iter__", "__next__", "__len__"}


def rewritten(tree, file):
    """@returns the same tree, changed; None when no loop of it trains.

    @param file as it is named in the place of a loop: `train.py`
    """
    rewriter = _Rewriter(looks.Looks(tree), file)
    rewriter.block_of(tree, _Module())
    return ast.fix_missing_locations(tree) if rewriter.found else None


class _Module:
    """Whose variables the runtime sets itself."""

    names = None
    is_generator = False
    function = None
    in_network = False


class _Function:
    """Looked at only when a loop in it trains."""

    def __init__(self, node, in_network):
        self._node = node
        self.function = node.name
        self.in_network = in_network
        self._names = self._is_generator = None

    @property
    def names(self):
        if self._names is None:
            self._names = assigned_names(self._node)
        return self._names

    @property
    def is_generator(self):
        if self._is_generator is None:
            self._is_generator = looks.is_generator(self._node)
        return self._is_generator


class _Rewriter:
    def __init__(self, looks_of_module, file):
        self.looks = looks_of_module
        self.file = file
        self.found = 0

    def block_of(self, node, scope):
        """Rewrites the loops of a module or function, and the functions in it."""
        node.body = self._block(node.body, scope)

    def _block(self, statements, scope):
        done = []
        for statement in statements:
            done += self._statement(statement, scope)
        return done

    def _statement(self, node, scope, in_network=False):
        if isinstance(node, ast.FunctionDef):
            if not self._skipped(node):
                self.block_of(node, _Function(node, in_network or scope.in_network))
            return [node]
        if isinstance(node, ast.ClassDef):
            # Only its methods: what it does in its own body is no training.
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    self._statement(method, scope, self.looks.is_network(node))
            return [node]
        if isinstance(node, ast.AsyncFunctionDef):
            return [node]
        kind = None
        if isinstance(node, (ast.For, ast.While)):
            kind = self.looks.of_loop(node, scope.function, scope.in_network)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                setattr(node, field, self._block(block, scope))
        for handler in list(getattr(node, "handlers", [])) + list(getattr(node, "cases", [])):
            handler.body = self._block(handler.body, scope)
        if kind is None or (isinstance(node, ast.While) and node.orelse) or scope.is_generator:
            return [node]
        return self._for(node, kind, scope.names) if isinstance(node, ast.For) else self._while(node, kind, scope.names)

    def _skipped(self, node):
        return (
            node.name in _SKIPPED_FUNCTIONS
            or node.name in self.looks.compiled
            or any(looks.compiles(decorator) for decorator in node.decorator_list)
        )

    def _about(self, node, kind, names):
        self.found += 1
        name = "_hone_%d" % self.found
        about = ("%s:%d" % (self.file, node.lineno), kind == "epoch", names is None)
        return name, ast.Constant(about)

    def _for(self, node, kind, names):
        name, about = self._about(node, kind, names)
        opened = _parse("%s = __hone__.loop(0, 0)" % name, node)[0]
        opened.value.args = [about, node.iter]
        ast.copy_location(about, node)
        items = _parse("%s.items" % name, node)[0].value
        # What is not iterable is marked as it was written.
        for one in ast.walk(items):
            ast.copy_location(one, node.iter)
        node.iter = items
        _mark_breaks(node.body, name)
        targets = {one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)}
        otherwise = node.orelse
        node.body = _restore(name, names, targets, node) + node.body
        node.orelse = _restore(name, names, (), node)
        if otherwise:
            own = _parse("if not %s.broken: pass" % name, node)[0]
            own.body = otherwise
            node.orelse.append(own)
        return [opened, _guarded(node, name)]

    def _while(self, node, kind, names):
        name, about = self._about(node, kind, names)
        opened = _parse("%s = __hone__.turns(0)" % name, node)[0]
        opened.value.args = [ast.copy_location(about, node)]
        _mark_breaks(node.body, name)
        test = _parse("if not 0: break", node.test)[0]
        test.test.operand = node.test
        test.body.insert(0, _parse("%s.ended = True" % name, node.test)[0])
        # A loop that had come to its end is not to look at its test again.
        turn = _parse("%s.turn()" % name, node)
        leave = _parse("if %s.over: break" % name, node)
        head = turn + _restore(name, names, (), node) + leave + [test]
        # A test that cannot fail stays out, so that the code after an endless loop is known to be dead.
        if isinstance(node.test, ast.Constant) and node.test.value:
            head.pop()
        node.body = head + node.body
        node.test = ast.copy_location(ast.Constant(True), node.test)
        return [opened, _guarded(node, name)]


def _parse(text, at):
    statements = ast.parse(text).body
    for statement in statements:
        for one in ast.walk(statement):
            ast.copy_location(one, at)
            if hasattr(one, "end_lineno"):
                # Of the first line only: a traceback marks no more than that.
                one.end_lineno, one.end_col_offset = at.lineno, at.col_offset
    return statements


def _guarded(loop, name):
    guard = _parse("try:\n pass\nfinally:\n %s.leave()" % name, loop)[0]
    guard.body = [loop]
    return guard


def _restore(name, names, targets, at):
    if names is None:
        return []
    lines = ["if %s.back is not None:" % name]
    for one in sorted(names - set(targets)):
        lines.append(' if "%s" in %s.back: %s = %s.back["%s"]' % (one, name, one, name, one))
    return _parse("\n".join(lines + [" %s.back = None" % name]), at)


def _mark_breaks(statements, name):
    """Puts `name.broken = True` before the breaks of a loop, not of those inside of it."""
    for index in reversed(range(len(statements))):
        node = statements[index]
        if isinstance(node, ast.Break):
            statements[index:index] = _parse("%s.broken = True" % name, node)
        elif isinstance(node, (ast.For, ast.While, ast.AsyncFor)):
            _mark_breaks(node.orelse, name)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for field in ("body", "orelse", "finalbody"):
                block = getattr(node, field, None)
                if isinstance(block, list):
                    _mark_breaks(block, name)
            for handler in list(getattr(node, "handlers", [])) + list(getattr(node, "cases", [])):
                _mark_breaks(handler.body, name)


def assigned_names(function):
    """The names that a function itself binds, its parameters included; not those that it declares global."""
    names, elsewhere = set(), set()
    arguments = function.args
    for one in getattr(arguments, "posonlyargs", []) + arguments.args + arguments.kwonlyargs:
        names.add(one.arg)
    names.update(one.arg for one in (arguments.vararg, arguments.kwarg) if one)
    for node in looks.own_nodes(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            names.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((one.asname or one.name).split(".")[0] for one in node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
        elif type(node).__name__ in ("MatchAs", "MatchStar") and node.name:
            names.add(node.name)
        elif type(node).__name__ == "MatchMapping" and node.rest:
            names.add(node.rest)
        elif isinstance(node, ast.Nonlocal):
            names.update(node.names)
        elif isinstance(node, ast.Global):
            elsewhere.update(node.names)
    return {one for one in names - elsewhere if one != "*" and not one.startswith("__")}
