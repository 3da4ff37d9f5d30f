"""A script that keeps checkpoints of its own: Hone sees that it loads one, and does not go on from another.

The attempts of a trial share the workspace. What counts is a file there that an earlier attempt wrote while it trained.
Files of the commit, data that a script prepares, and what the present attempt wrote itself do not.
"""

import functools
import json
import os
import sys
import time

from . import checkpoints, events, places, share
from .imports import after_import

_ENDINGS = (
    ".pt", ".pth", ".ckpt", ".tar", ".h5", ".hdf5", ".keras", ".joblib", ".pkl", ".pickle", ".npz", ".npy",
    ".safetensors", ".bin", ".ubj", ".model", ".index",
)  # fmt: skip
#: Words in the names of .json files that are a model or a state.
_JSON_WORDS = ("model", "checkpoint", "ckpt", "state", "booster")
#: When each attempt's training began, in the order of the attempts.
_DIARY = "attempts.json"
#: Seconds that a file system's clock may be behind.
_BEHIND = 0.05

#: [began, training began or None] of the attempts before, and of this one.
_earlier = []
_present = None
_written = set()
_folders = set()
_listening = False


def listen():
    """Begins to look at what is opened; in the first attempt there is nothing to find."""
    global _present, _listening
    _earlier.extend(_read())
    _present = [time.time(), None]
    _write()
    share.when_begun(_training_begins)
    if _attempt() <= 1 or not _earlier:
        return
    _listening = True
    sys.addaudithook(_on_event)
    os.mkdir = _forgiving(os.mkdir)
    after_import("h5py._hl.files", lambda module: _watch(module.File, "__init__"))
    after_import("safetensors.torch", lambda module: _watch(module, "load_file"))
    after_import("xgboost.core", lambda module: _watch(module.Booster, "load_model"))


def loads(path):
    """A framework opens a file in a way of its own. @param path as it is given to the framework"""
    try:
        if _listening and isinstance(path, (str, bytes, os.PathLike)):
            _look(os.fspath(path), False)
    except Exception as error:
        events.complain(error)


def _watch(owner, name):
    """Looks at the path that a function, or a method's `self`, is given first."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapper(*arguments, **named):
        mode = named.get("mode", arguments[2] if len(arguments) > 2 else "r") if name == "__init__" else "r"
        for one in arguments[:2]:
            if mode == "r":
                loads(one)
        return original(*arguments, **named)

    setattr(owner, name, wrapper)


def _training_begins():
    _present[1] = time.time()
    _write()


def _attempt():
    text = os.environ.get("HONE_ATTEMPT") or "1"
    return int(text) if text.isdigit() else 1


def _read():
    try:
        with open(os.path.join(checkpoints.folder(), _DIARY)) as file:
            return [[float(one[0]), None if one[1] is None else float(one[1])] for one in json.load(file)][-100:]
    except (OSError, ValueError, TypeError, IndexError):
        return []


def _write():
    path = os.path.join(checkpoints.folder(), _DIARY)
    try:
        os.makedirs(checkpoints.folder(), exist_ok=True)
        with open(path + ".part", "w") as file:
            json.dump(_earlier + [_present], file)
        os.replace(path + ".part", path)
    except OSError:
        # Without a folder for checkpoints there is nothing to go on from either.
        pass


def _on_event(name, arguments):
    if name != "open" or not _listening:
        return
    try:
        path, mode, flags = arguments
        if isinstance(path, (str, bytes)):
            writes = bool(flags & (os.O_WRONLY | os.O_RDWR)) if isinstance(flags, int) else False
            _look(path, writes)
    except Exception as error:
        events.complain(error)


def _look(path, writes):
    global _listening
    path = os.fsdecode(path)
    if not path.endswith(_ENDINGS) and not _is_model_json(path):
        return
    whole = os.path.realpath(path)
    if writes:
        _written.add(whole)
        return
    if whole in _written or not _is_kept(whole) or not places.usable() or not was_trained(whole):
        return
    _listening = False
    places.resumes_itself("it loads %s" % os.path.relpath(whole, _workspace()))


def _is_model_json(path):
    name = os.path.basename(path)
    return name.endswith(".json") and any(word in name.lower() for word in _JSON_WORDS)


def _workspace():
    return os.path.realpath(os.environ.get("HONE_WORKSPACE") or os.getcwd())


def _is_kept(path):
    """Whether it lies where the attempts of a trial share their files, and is not Hone's own."""
    kept = (_workspace(), os.path.realpath(os.path.dirname(checkpoints.folder())))
    own = os.path.realpath(checkpoints.folder())
    return path.startswith(tuple(os.path.join(one, "") for one in kept)) and not path.startswith(own)


def was_trained(path):
    """Whether an earlier attempt wrote a file while it trained: what it wrote before is data that it prepared."""
    try:
        changed = os.stat(path).st_mtime
    except OSError:
        return False
    ends = [began for began, _ in _earlier[1:]] + [_present[0]]
    return any(
        training is not None and training - _BEHIND <= changed < end for (_, training), end in zip(_earlier, ends)
    )


def _forgiving(original):
    """`os.mkdir`, which takes a folder that an earlier attempt made for its own, once."""

    @functools.wraps(original)
    def mkdir(path, *arguments, **named):
        try:
            return original(path, *arguments, **named)
        except FileExistsError:
            if not _was_made(path):
                raise
            return None

    return mkdir


def _was_made(path):
    try:
        whole = os.path.realpath(os.fsdecode(path))
        if whole in _folders or not os.path.isdir(whole) or not _is_kept(whole):
            return False
        # One of the commit is older than the first attempt.
        if os.stat(whole).st_mtime < _earlier[0][0] - _BEHIND:
            return False
        _folders.add(whole)
        return True
    except Exception as error:
        events.complain(error)
        return False
