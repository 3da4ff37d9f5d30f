"""CatBoost: the metrics of each round, and its own snapshots, with which it goes on exactly and checks that the data is the same.

CatBoost trains without Python having a turn, and each of its callbacks is handed the whole history: with them, thousands
of rounds take many times as long. So a thread reads the files that it writes beside.
"""

import functools
import inspect
import os
import sys
import threading
import types
import zlib

from . import boosting, checkpoints, events, places, sections, share
from .imports import after_import

#: Seconds between two looks at CatBoost's files.
_PAUSE = 0.5
#: Seconds between two snapshots, at the least.
_INTERVAL = 2
#: Rows times classes that a snapshot of one second holds, about.
_ROWS = 1000000
#: Finished trainings that are kept, the newest.
_KEPT = 20
_FILES = (("learn_error.tsv", "train"), ("test_error.tsv", "validation"))


def listen():
    after_import("catboost.core", _patch)


def _patch(core):
    core._CatBoostBase._train = _wrapped(core._CatBoostBase._train, core.CatBoostError)


def _wrapped(original, failure):
    signature = inspect.signature(original)

    @functools.wraps(original)
    def _train(*args, **kwargs):
        if boosting.own_call(sys._getframe(1), "catboost") is None or not places.usable():
            return original(*args, **kwargs)
        bound = signature.bind(*args, **kwargs)
        with sections.section("catboost.fit") as section:
            run = _Run(section, bound.arguments)
            with run.watching():
                try:
                    result = original(*bound.args, **bound.kwargs)
                except failure as error:
                    if not run.refused(error):
                        raise
                    result = original(*bound.args, **bound.kwargs)
            run.end(bound.arguments["self"])
            return result

    return _train


class _Run:
    def __init__(self, section, arguments):
        params = dict(arguments["params"])
        self._place = section.place
        self._rounds = boosting.Rounds(section, params.get("iterations", 1000))
        self._told = 0
        self._snapshot = None
        self._kept = None
        self._resumed = False
        if not params.get("save_snapshot") and not params.get("snapshot_file"):
            self._keep(params, arguments)
        arguments["params"] = params
        self._files = os.path.abspath(os.fspath(params.get("train_dir") or "catboost_info"))
        self._began = {name: _changed(os.path.join(self._files, name)) for name, _ in _FILES}

    def _keep(self, params, arguments):
        """Has CatBoost write snapshots, and go on from the one that an earlier attempt left."""
        folder = os.path.join(checkpoints.folder(), "catboost")
        try:
            os.makedirs(folder, exist_ok=True)
            _forget(folder)
            own = "%s %s" % (sorted(checkpoints.identity().items()), self._place)
            self._snapshot = os.path.join(folder, "%08x.cbsnapshot" % zlib.crc32(own.encode()))
            seconds = arguments["train_pool"].num_row() * int(params.get("classes_count") or 1) / _ROWS / share.LIMIT
        except Exception as error:
            events.warn("checkpoint", f"No checkpoint can be kept, so a restart begins anew: {error!r}")
            self._snapshot = None
            return
        params.update(save_snapshot=True, snapshot_file=self._snapshot)
        params["snapshot_interval"] = int(seconds) if share.LIMIT >= 1 else max(_INTERVAL, int(seconds))
        if params.get("allow_writing_files") is False:
            # It writes no snapshots then; what it writes beside is not to lie in the script's folder.
            params.update(allow_writing_files=True, train_dir=os.path.join(folder, "info"))
        self._kept = _changed(self._snapshot)
        if self._kept:
            self._resumed = True
            self._told = _number(self._snapshot + ".step")
            attempt = max(1, int(os.environ.get("HONE_ATTEMPT") or 1) - 1)
            places.resumed(types.SimpleNamespace(place=self._place, step=self._told, index=0, attempt=attempt))

    def refused(self, error):
        """Whether it failed for its snapshot, which is gone then."""
        if not self._resumed or "snapshot" not in str(error):
            return False
        self._resumed, self._told = False, 0
        events.warn("checkpoint-refused", f"The checkpoint is not used: {error}")
        os.remove(self._snapshot)
        return True

    def watching(self):
        return _Watch(self._look)

    def _look(self):
        found = {}
        for name, split in _FILES:
            path = os.path.join(self._files, name)
            # One of another training lies there until this one begins.
            if _changed(path) not in (None, self._began[name]):
                for step, metric, value in _read(path, self._told):
                    found.setdefault(step, {})[boosting.metric_name(split, metric)] = value
        # The last line may be half written.
        self._tell({step: metrics for step, metrics in found.items() if step < max(found)})
        kept = _changed(self._snapshot) if self._snapshot else None
        if kept not in (None, self._kept):
            self._kept = kept
            with open(self._snapshot + ".step", "w") as file:
                file.write(str(self._told))
            size = os.path.getsize(self._snapshot)
            events.emit("checkpoint", place=self._place, step=self._told, bytes=size, seconds=0)

    def end(self, model):
        try:
            self._look()
            found = {}
            for data, metrics in model.get_evals_result().items():
                for metric, values in metrics.items():
                    for step, value in enumerate(values, 1):
                        found.setdefault(step, {})[boosting.metric_name(data, metric)] = value
            self._tell(found)
        except Exception as error:
            events.complain(error)

    def _tell(self, found):
        for step in sorted(found):
            if step > self._told:
                self._rounds.over(step, found[step], None, may_save=False)
                self._told = step


class _Watch:
    """Looks now and then while CatBoost trains."""

    def __init__(self, look):
        self._look = look
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hone-catboost", daemon=True)

    def __enter__(self):
        self._thread.start()

    def __exit__(self, *error):
        self._ended.set()
        self._thread.join()

    def _run(self):
        while not self._ended.wait(_PAUSE):
            try:
                self._look()
            except Exception as error:
                events.complain(error)
                return


def _read(path, after):
    """The lines of an error file of CatBoost: `iter`, and a column for each metric.

    @returns (round counted from 1, metric, value) of each round after the given one
    """
    with open(path) as file:
        names = file.readline().rstrip("\n").split("\t")[1:]
        for line in file:
            step, *values = line.rstrip("\n").split("\t")
            if step.isdigit() and int(step) >= after:
                for name, value in zip(names, values):
                    yield int(step) + 1, name, value


def _changed(path):
    try:
        about = os.stat(path)
        return about.st_mtime_ns, about.st_size, about.st_ino
    except OSError:
        return None


def _number(path):
    try:
        with open(path) as file:
            return int(file.read())
    except (OSError, ValueError):
        return 0


def _forget(folder):
    paths = [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".cbsnapshot")]
    for path in sorted(paths, key=os.path.getmtime)[:-_KEPT]:
        os.remove(path)
