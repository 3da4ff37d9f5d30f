"""Runs in a container: one script plainly and with the runtime in turn, and once more killed in its middle.

Usage: python3 drive.py SCRIPT ROUNDS     Prints one line of JSON.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

script, rounds = sys.argv[1], int(sys.argv[2])
work = tempfile.mkdtemp()
shutil.copy(script, os.path.join(work, "train.py"))
kept, told = os.path.join(work, "checkpoints"), os.path.join(work, "events.jsonl")


def begin(attempt, saves=True):
    """Attempt 0: without the runtime."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "_HONE_PROCESS")}
    env.update(PYTHONHASHSEED="7", OMP_NUM_THREADS="1", TF_CPP_MIN_LOG_LEVEL="3")
    command = [sys.executable, "-u", "train.py"]
    if attempt:
        own = {"PYTHONPATH": "/opt/hone", "HONE_WORKSPACE": work, "HONE_EVENTS": told, "HONE_CHECKPOINT_DIR": kept}
        # A tenth of a second is free, whatever the share.
        own.update({} if saves else {"HONE_CHECKPOINT_SHARE": "1e-9"})
        env.update(own, HONE_SOURCE="bench", HONE_SEED="7", HONE_ATTEMPT=str(attempt))
        command[2:2] = ["-m", "_hone"]
    return subprocess.Popen(command, cwd=work, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process):
    """Seconds of the processor, seconds of the clock, result."""
    out, errors = process.communicate()
    if process.returncode:
        raise SystemExit("%s\n%s" % (out[-1000:], errors[-3000:]))
    found = dict(line.split(" ", 1) for line in out.splitlines() if line.startswith(("seconds", "result")))
    processor, clock = map(float, found["seconds"].split())
    return processor, clock, found["result"]


def ratios(others):
    """Of the processor's time to that without the runtime, sorted."""
    return sorted(one[0] / other[0] for one, other in zip(others, plain))


def anew():
    shutil.rmtree(kept, ignore_errors=True)
    open(told, "w").close()


def events():
    with open(told) as file:
        return [json.loads(line) for line in file]


plain, watched, within = [], [], []
for _ in range(rounds):
    plain.append(ended(begin(0)))
    anew()
    watched.append(ended(begin(1, saves=False)))
    anew()
    within.append(ended(begin(1)))
heard = events()
checkpoints = [one for one in heard if one["type"] == "checkpoint"]

anew()
process = begin(1)
for line in process.stdout:
    if line.startswith("begin"):
        break
time.sleep(0.6 * within[-1][1])
process.kill()
process.communicate()
result = ended(begin(2))[2]
resumed = [one for one in events() if one["type"] == "resumed"]
metrics = sorted({name for one in heard if one["type"] == "epoch" for name in one["metrics"]})
print(
    json.dumps(
        {
            "seconds": sorted(one[0] for one in plain)[rounds // 2],
            "watched": ratios(watched),
            "ratios": ratios(within),
            "same": within[-1][2] == plain[-1][2],
            "epochs": sum(one["type"] == "epoch" for one in heard),
            "metrics": metrics or sorted({one["name"] for one in heard if one["type"] == "metric"}),
            "checkpoints": len(checkpoints),
            "milliseconds": 1000 * sum(one["seconds"] for one in checkpoints) / max(1, len(checkpoints)),
            "kilobytes": max([one["bytes"] for one in checkpoints] or [0]) / 1000,
            "resumed": bool(resumed),
            "step": resumed[0]["step"] if resumed else None,
            "exact": result == plain[-1][2],
            "warnings": sorted({one["code"] for one in events() if one["type"] == "warning"}),
        }
    )
)
