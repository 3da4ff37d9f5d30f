"""Prints what in a folder of Python files is newer than Python 3.8, or is not in its standard library: a line each."""

import ast
import pathlib
import sys

#: Methods, functions and attributes that came later, by the names that nothing else has.
LATER = {
    *("removeprefix", "removesuffix", "bit_count", "file_digest", "orig_argv", "stdlib_module_names", "unparse", "to_thread"),
    *("pairwise", "batched", "randbytes", "add_note", "get_annotations", "process_cpu_count", "lcm", "nextafter", "is_junction"),
    *("is_relative_to", "monitoring", "activate_stack_trampoline", "hardlink_to"),
}
#: The same of certain modules only.
LATER_OF = {("functools", "cache"), ("contextlib", "chdir"), ("contextlib", "aclosing"), ("sys", "exception"), ("math", "cbrt")}
LATER_MODULES = {"graphlib", "zoneinfo", "tomllib", "annotationlib", "compression"}


def findings(path):
    tree = ast.parse(path.read_text(), str(path), feature_version=(3, 8))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if node.attr in LATER or (owner, node.attr) in LATER_OF:
                yield node.lineno, node.attr
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "zip" and node.keywords:
            yield node.lineno, "zip(strict=...)"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) and isinstance(node.left, ast.Dict):
            yield node.lineno, "dict | dict"
        if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") in ("list", "dict", "tuple", "set", "type"):
            yield node.lineno, "a built-in type in brackets"
    # What is imported inside of a function may be a framework that the script has imported already.
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not getattr(node, "level", 0):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module]
            for name in names:
                top = name.split(".")[0]
                if top not in sys.stdlib_module_names - LATER_MODULES and top != "_hone":
                    yield node.lineno, "import " + name


for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.py")):
    try:
        for line, what in sorted(findings(path)):
            print("%s:%d: %s" % (path.name, line, what))
    except SyntaxError as error:
        print("%s:%s: %s" % (path.name, error.lineno, error.msg))
print("looked through")
