"""Checkpoints on disk: folders that are there as a whole or not at all.

A checkpoint's name is its sequence number. Its `manifest.json` says where in the training it was made, and the size and
CRC-32 of each of its files. One that was made from other source, values or seed than the present attempt's is never read.
"""

import json
import os
import shutil
import sys
import time
import zlib

from . import again

FORMAT = 1
_MANIFEST = "manifest.json"
#: Ends the name of a folder that is being written or removed.
_HALF = ".part"


def folder():
    return os.path.join(os.environ.get("HONE_CHECKPOINT_DIR") or "/checkpoints", "hone")


def identity():
    """What has to be the same for a checkpoint to fit: the commit, the arguments, the seed, the Python."""
    return {
        "source": os.environ.get("HONE_SOURCE") or "",
        "seed": os.environ.get("HONE_SEED") or "",
        "argv": again.arguments(),
        "python": "%d.%d" % sys.version_info[:2],
    }


class Checkpoint:
    """One that is on disk. `place` and `index` are those of places.py; `done` when its place came to its end."""

    def __init__(self, path, manifest):
        self.path = path
        self.place = manifest["place"]
        self.index = manifest["index"]
        self.done = manifest["done"]
        self.step = manifest["step"]
        self.attempt = manifest["attempt"]
        self.sequence = manifest["sequence"]
        self.files = manifest["files"]

    def file(self, name):
        """The path of one of its files."""
        return os.path.join(self.path, name)

    def broken(self):
        """What is wrong with its files, in words; None when nothing is."""
        for name, about in self.files.items():
            crc, size = 0, 0
            try:
                with open(self.file(name), "rb") as file:
                    for part in iter(lambda: file.read(1 << 20), b""):
                        crc, size = zlib.crc32(part, crc), size + len(part)
            except OSError as error:
                return f"{name} cannot be read ({error})"
            if (size, crc) != (about["bytes"], about["crc32"]):
                return f"{name} is damaged"
        return None

    def remove(self):
        remove(self.path)


def remove(path):
    """Cut off on the way it leaves nothing that looks like a checkpoint."""
    try:
        os.rename(path, path + _HALF)
        path += _HALF
    except OSError:
        pass
    shutil.rmtree(path, ignore_errors=True)


def remove_halves():
    """What a process that was killed left as it wrote or removed a checkpoint."""
    for name in os.listdir(folder()) if os.path.isdir(folder()) else []:
        if name.endswith(_HALF):
            shutil.rmtree(os.path.join(folder(), name), ignore_errors=True)


def last_sequence():
    """The highest number that a folder has, of whatever it is; 0 when there is none."""
    try:
        names = os.listdir(folder())
    except OSError:
        return 0
    return max((int(name) for name in names if name.isdigit()), default=0)


def read_all():
    """@returns those that fit this attempt, by sequence, and for each other one the reason why not, in words"""
    found, refused = [], []
    try:
        names = os.listdir(folder())
    except OSError:
        return found, refused
    for name in names:
        if name.endswith(_HALF):
            shutil.rmtree(os.path.join(folder(), name), ignore_errors=True)
    for name in sorted(name for name in names if name.isdigit()):
        path = os.path.join(folder(), name)
        if again.given_up(name):
            continue
        try:
            with open(os.path.join(path, _MANIFEST)) as file:
                manifest = json.load(file)
            if manifest["format"] != FORMAT:
                refused.append((path, "it is of another version of Hone"))
                continue
            own = identity()
            differs = [key for key in own if manifest["identity"].get(key) != own[key]]
            if differs:
                refused.append((path, "it was made with other " + " and ".join(differs)))
                continue
            found.append(Checkpoint(path, manifest))
        except (OSError, ValueError, KeyError, TypeError) as error:
            refused.append((path, f"its manifest cannot be read ({error!r})"))
    return sorted(found, key=lambda one: one.sequence), refused


class _Counting:
    """A file that knows what went through it."""

    def __init__(self, file):
        self._file = file
        self.bytes = 0
        self.crc32 = 0

    def write(self, data):
        self.crc32 = zlib.crc32(data, self.crc32)
        # Also of a pickle's buffer or an array.
        size = memoryview(data).nbytes
        self.bytes += size
        self._file.write(data)
        return size

    def flush(self):
        self._file.flush()


def write(sequence, place, index, done, step, parts):
    """Makes a checkpoint: written under a temporary name, flushed to the disk, renamed.

    @param parts file name -> bytes, or a function that writes to the file it is given (`write` only: no seeking)
    @throws OSError when the disk is full, and whatever a part throws; nothing is left behind then
    """
    root = folder()
    os.makedirs(root, exist_ok=True)
    path = os.path.join(root, "%08d" % sequence)
    half = path + _HALF
    shutil.rmtree(half, ignore_errors=True)
    try:
        os.mkdir(half)
        files = {}
        for name, part in parts.items():
            with open(os.path.join(half, name), "wb") as file:
                counting = _Counting(file)
                part(counting) if callable(part) else counting.write(part)
                file.flush()
                os.fsync(file.fileno())
            files[name] = {"bytes": counting.bytes, "crc32": counting.crc32}
        manifest = {
            "format": FORMAT,
            "identity": identity(),
            "place": place,
            "index": index,
            "done": done,
            "step": step,
            "attempt": int(os.environ.get("HONE_ATTEMPT") or 1),
            "sequence": sequence,
            "at": time.time(),
            "files": files,
        }
        with open(os.path.join(half, _MANIFEST), "w") as file:
            json.dump(manifest, file)
            file.flush()
            os.fsync(file.fileno())
        os.rename(half, path)
        _flush_folder(root)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    return Checkpoint(path, manifest)


def _flush_folder(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
