"""Begins the whole script again in the same process: for a training that has become partly that of a checkpoint.

Going on would train from a state that never was. The checkpoint is given up, and the script is told nothing.
"""

import os
import sys

from . import ending, events

#: Folders of checkpoints that were given up, in case that they cannot be removed.
_GIVEN_UP = "_HONE_GIVEN_UP"
_command = None
_arguments = None


def remember():
    """How this process was started; to be called before the script can change any of it."""
    global _command, _arguments
    _arguments = [str(word) for word in sys.argv[1:]]
    with open("/proc/self/cmdline", "rb") as file:
        words = [os.fsdecode(word) for word in file.read().split(b"\0")[:-1]]
    environment = dict(os.environ)
    environment.pop("_HONE_PROCESS", None)
    _command = words, environment, os.getcwd()


def arguments():
    """Those that the script was started with, whatever it has made of `sys.argv`."""
    return [str(word) for word in sys.argv] if _arguments is None else _arguments


def given_up(name):
    """Whether the checkpoint in the folder of that name is not to be read by this attempt."""
    return name in os.environ.get(_GIVEN_UP, "").split(",")


def without(checkpoint, why):
    """Starts the script anew, as if the checkpoint had never been. Does not return.

    @param why in words: what of it could not be put back
    """
    name = os.path.basename(checkpoint.path)
    told = f"The checkpoint {name} is not used: {why}. The script begins again without it."
    events.warn("checkpoint-refused", told)
    checkpoint.remove()
    try:
        print(f"[hone] {told}", file=sys.stderr, flush=True)
        sys.stdout.flush()
    except Exception:
        pass
    try:
        words, environment, folder = _command
        environment[_GIVEN_UP] = ",".join(filter(None, [environment.get(_GIVEN_UP), name]))
        _end_children()
        os.chdir(folder)
        os.execvpe(words[0], words, environment)
    except Exception as error:
        # The next attempt finds the checkpoint gone.
        events.warn("checkpoint-refused", f"The script cannot begin again: {error!r}")
        ending.report("failed", 1)
        os._exit(1)


def _end_children():
    """Loaders and pools of the script: they would wait for ever for what nobody asks of them."""
    module = sys.modules.get("multiprocessing.process")
    for child in module.active_children() if module is not None else []:
        child.kill()
        child.join()
