"""One JSON request a line on standard input, one JSON answer a line on standard output."""

import json
import sys
import time
import warnings
from functools import cache

import problems

warnings.filterwarnings("ignore")
answers = sys.stdout
sys.stdout = sys.stderr


@cache
def remembered(problem, key):
    return problems.evaluate(problem, json.loads(key))


def evaluate(problem, values):
    values = problems.active(problems.definition(problem)["space"], values)
    return remembered(problem, json.dumps(values))


def study(**request):
    # Optuna and torch take seconds to load, and those who only evaluate do without.
    from study import run

    return run(evaluate, **request)


def points(problem, count):
    from points import metrics_of_points

    return {"metrics": metrics_of_points(problem, count)}


OPERATIONS = {
    "evaluate": lambda problem, values: {"metric": evaluate(problem, values)},
    "curve": lambda problem, values: {"curve": problems.curve(problem.rpartition("-")[2], values)},
    "points": points,
    "study": study,
}

for line in sys.stdin:
    request = json.loads(line)
    number, operation = request.pop("id"), request.pop("operation")
    started = time.perf_counter()
    try:
        answer = OPERATIONS[operation](**request)
    except Exception as error:
        answer = {"error": f"{operation} of {request.get('problem')}: {type(error).__name__}: {error}"}
    print(json.dumps({"id": number, "took": time.perf_counter() - started} | answer), file=answers, flush=True)
