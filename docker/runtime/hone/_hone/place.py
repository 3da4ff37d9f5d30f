"""Where in the user's own code something happened."""

import os

#: Parts of a path that code of others lies in.
_OTHERS = ("site-packages", "dist-packages", os.path.join("opt", "hone"))


def is_user_file(path):
    """Whether a file lies in the repository, or in none at all, as with `python -c`."""
    if path in ("<string>", "<stdin>"):
        return True
    if path.startswith("<"):
        return False
    whole = os.path.abspath(path)
    inside = whole.startswith(os.path.join(_workdir, ""))
    return inside and not any(part in whole for part in _OTHERS)


def relative(path):
    """Relative to the repository's root where it lies in there."""
    whole = os.path.abspath(path)
    if path.startswith("<") or not whole.startswith(os.path.join(_workdir, "")):
        return path
    return os.path.relpath(whole, _workdir)


#: The repository's root; else where the training began, for the script may change its directory.
_workdir = os.environ.get("HONE_WORKSPACE") or os.getcwd()
