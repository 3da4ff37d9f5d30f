"""Prints what this Python has, as one line of JSON. Run with `python3 -c` in a container of each image; Python 3.6 and later."""

import json
import os
import pkgutil
import platform
import re
import sys
from importlib.util import find_spec


def packages():
    try:
        from importlib.metadata import distributions
    except ImportError:
        return {}
    found = {}
    for one in distributions():
        name = one.metadata["Name"]
        # The first on the path is the one that is imported.
        if name:
            found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), str(one.version))
    return found


def modules():
    found = set(sys.builtin_module_names) | set(getattr(sys, "stdlib_module_names", ()))
    found.update(one.name for one in pkgutil.iter_modules())
    # setuptools brings it back where Python itself no longer has it.
    if find_spec("distutils"):
        found.add("distutils")
    # Packages without an __init__.py, such as `google`.
    for folder in sys.path:
        if "-packages" not in folder or not os.path.isdir(folder):
            continue
        for name in os.listdir(folder):
            if name.isidentifier() and os.path.isdir(os.path.join(folder, name)):
                found.add(name)
    return sorted(found)


print(
    json.dumps(
        {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "packages": packages(),
            "modules": modules(),
        }
    )
)
