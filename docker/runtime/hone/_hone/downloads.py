"""Keeps what scripts download in HONE_CACHE, which the trainings of a project share.

Most libraries are told by a variable where. Keras has none in its older versions, and torchvision loads into a folder that
the script names. What the image, hone.yaml or the image's home folder say already is left as it is.
"""

import functools
import hashlib
import os
import shutil

from . import events
from .imports import after_import


#: Variable -> where its library loads to without it, in the home folder.
_VARIABLES = {
    "TORCH_HOME": ".cache/torch",
    "HF_HOME": ".cache/huggingface",
    "SCIKIT_LEARN_DATA": "scikit_learn_data",
    "SEABORN_DATA": ".cache/seaborn",
    "TFDS_DATA_DIR": "tensorflow_datasets",
    "NLTK_DATA": "nltk_data",
    "KAGGLEHUB_CACHE": ".cache/kagglehub",
}


def listen():
    cache = os.environ.get("HONE_CACHE", "")
    if not os.path.isdir(cache):
        return
    for name, place in _VARIABLES.items():
        if not os.path.lexists(os.path.join(os.path.expanduser("~"), place)):
            os.environ.setdefault(name, os.path.join(cache, os.path.basename(place)))
    _link_keras(os.path.join(cache, "keras"))
    after_import("torchvision.datasets.utils", lambda utils: _remember(utils, os.path.join(cache, "torchvision")))


def _link_keras(folder):
    home = os.path.expanduser("~/.keras")
    try:
        os.makedirs(folder, exist_ok=True)
        if not os.path.lexists(home):
            os.symlink(folder, home)
    except OSError:
        # A home that is not there or not one's own: what is loaded is loaded each time.
        pass


def _remember(utils, folder):
    """Has torchvision's helper look into the folder first, and keep there what it loads."""
    original = utils.download_url

    @functools.wraps(original)
    def download_url(url, root, filename=None, *args, **kwargs):
        path = kept = before = None
        try:
            path = os.path.join(os.path.expanduser(root), filename or os.path.basename(url))
            kept = os.path.join(folder, hashlib.sha256(url.encode()).hexdigest()[:24])
            if os.path.exists(kept) and not os.path.exists(path):
                _copy(kept, path)
            before = _state(path)
        except Exception as error:
            events.complain(error)
        # It checks what lies there, and loads it again where that is broken.
        result = original(url, root, filename, *args, **kwargs)
        try:
            if path is not None and _state(path) != before:
                _copy(path, kept)
        except Exception as error:
            events.complain(error)
        return result

    utils.download_url = download_url


def _state(path):
    try:
        about = os.stat(path)
        return about.st_mtime_ns, about.st_size
    except FileNotFoundError:
        return None


def _copy(source, target):
    """Wholly or not at all, whoever else does the same."""
    os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
    half = "%s.%d" % (target, os.getpid())
    shutil.copyfile(source, half)
    os.replace(half, target)
