"""Says which rewritten scripts differ from their originals elsewhere than at the places that were to change.

Usage: python3 compare_ast.py MANIFEST, a JSON object a line: name, before, after, sites ([line, column, end line, end
column] in characters), structure (layers were added or removed: only compiled). CPython 3.8 or newer, nothing else.
"""

import ast
import io
import json
import sys
import tokenize
import warnings

warnings.simplefilter("ignore")
POSITIONS = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def fault_of(source, path):
    """What only the compiler finds, such as a `global` after its name was used."""
    try:
        compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return error.msg if isinstance(error, SyntaxError) else str(error)
    return None


class Text:
    """A script, with its columns in characters where ast counts bytes."""

    def __init__(self, path):
        with open(path, "rb") as file:
            source = file.read()
        self.tree = ast.parse(source, path)
        self.fault = fault_of(source, path)
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        text = source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        self.lines = text.split("\n")

    def column(self, line, offset):
        return len(self.lines[line - 1].encode()[:offset].decode(errors="replace"))

    def span(self, node):
        return (
            node.lineno,
            self.column(node.lineno, node.col_offset),
            node.end_lineno,
            self.column(node.end_lineno, node.end_col_offset),
        )


    def source(self, node):
        line, start, last, end = self.span(node)
        rows = self.lines[line - 1 : last]
        return (rows[0][start:end] if line == last else "\n".join([rows[0][start:], *rows[1:-1], rows[-1][:end]]))


def same_around(before, after, a, b, sites):
    """Whether a string, such as `os.environ.get("LR", "0.1")` has, is the same but for the places in it."""
    if not (isinstance(a, ast.Constant) and isinstance(b, ast.Constant) and isinstance(a.value, str)):
        return False
    line, start, last, end = before.span(a)
    for site in sites:
        inside = line == last == site[0] == site[2] and start < site[1] and site[3] < end
        if inside:
            old, new = before.source(a), after.source(b)
            head, tail = old[: site[1] - start], old[site[3] - start :]
            return new.startswith(head) and new.endswith(tail)
    return False


def is_value(node):
    """What may stand at a changed place: a constant, with a sign perhaps, or the name of a class."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        node = node.operand
    if isinstance(node, ast.Attribute):
        return is_value(node.value)
    return isinstance(node, (ast.Constant, ast.Name))


def is_site(text, a, b, sites):
    """Whether a node is a place that was to change, and what is there now may stand there."""
    if not hasattr(a, "lineno") or not (is_value(a) and is_value(b)):
        return False
    span = text.span(a)
    if span in sites:
        return True
    # Of `optim.Adam` only the last name changes.
    if not (isinstance(a, ast.Attribute) and isinstance(b, ast.Attribute)):
        return False
    last = any(site[2:] == span[2:] and site[3] - site[1] == len(a.attr) for site in sites)
    return last and ast.dump(a.value) == ast.dump(b.value)


def differences(text, after, a, b, sites, lines, found):
    """Walks both trees side by side; `lines` are those in which columns may move."""
    if is_site(text, a, b, sites) or same_around(text, after, a, b, sites):
        return
    if type(a) is not type(b):
        found.append("%s at line %s became %s" % (type(a).__name__, getattr(a, "lineno", "?"), type(b).__name__))
        return
    for field in POSITIONS:
        moved = field.endswith("col_offset") and getattr(a, field.replace("col_offset", "lineno"), None) in lines
        if hasattr(a, field) and getattr(a, field) != getattr(b, field) and not moved:
            found.append("%s at line %s moved" % (type(a).__name__, a.lineno))
            return
    for field in a._fields:
        one, other = getattr(a, field, None), getattr(b, field, None)
        ones, others = (one, other) if isinstance(one, list) else ([one], [other])
        if len(ones) != len(others):
            found.append("%s at line %s has another number of %s" % (type(a).__name__, getattr(a, "lineno", "?"), field))
            continue
        for left, right in zip(ones, others):
            if isinstance(left, ast.AST):
                differences(text, after, left, right, sites, lines, found)
            elif type(left) is not type(right) or repr(left) != repr(right):
                found.append("%s at line %s: %.60r became %.60r" % (type(a).__name__, getattr(a, "lineno", "?"), left, right))


def main(manifest):
    sys.setrecursionlimit(20000)
    same = compiled = 0
    unread, faulty, broken, differ = [], [], [], []
    with open(manifest, encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    for case in cases:
        try:
            before = Text(case["before"])
        except (SyntaxError, ValueError) as error:
            unread.append("%s: %s" % (case["name"], error))
            continue
        try:
            after = Text(case["after"])
        except (SyntaxError, ValueError) as error:
            broken.append("%s: %s" % (case["name"], error))
            continue
        if before.fault:
            faulty.append("%s: %s" % (case["name"], before.fault))
        elif after.fault:
            broken.append("%s: %s" % (case["name"], after.fault))
            continue
        if case["structure"]:
            compiled += 1
            continue
        sites = {tuple(site) for site in case["sites"] if site}
        touched = {line for site in sites for line in range(site[0], site[2] + 1)}
        found = []
        differences(before, after, before.tree, after.tree, sites, touched, found)
        if found:
            differ.append("%s: %s" % (case["name"], "; ".join(found[:5])))
        else:
            same += 1
    print("CPython %s, %d rewritten files" % (sys.version.split()[0], len(cases)))
    print("  same but for the named places   %d" % same)
    print("  different elsewhere             %d" % len(differ))
    print("  layers changed, and compile     %d" % compiled)
    print("  do not compile                  %d" % len(broken))
    print("  originals that do not compile   %d" % (len(faulty) + len(unread)))
    for title, names in (("differs", differ), ("broken", broken), ("faulty", faulty), ("unread", unread)):
        for name in names:
            print("%s  %s" % (title.ljust(13), name))


main(sys.argv[1])
