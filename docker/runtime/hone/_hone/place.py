"""Where in the user's own code something happened."""

import os

#: Parts of a path that code of others lies in.
_OTHERS = ("site-packages", "dist-packages", os.path.join("opt", "hone"))


def is_user_file(path):
    """Whether a file lies in the working directory, or in none at all, as with `python -c`."""
    if path in ("<string>", "<stdin>"):
        return True
    if path.startswith("<"):
        return False
    whole = os.path.abspath(path)
    inside = whole.startswith(os.path.join(_workdir, ""))
    return inside and not any(part in whole for part in _OTHERS)


def relative(path):
    """Relative to the working directory where it lies in there."""
    whole = os.path.abspath(path)
    if path.startswith("<") or not whole.startswith(os.path.join(_workdir, "")):
        return path
    return os.path.relpath(whole, _workdir)


#: As it was at the start: the script may change it.
_workdir = os.getcwd()
