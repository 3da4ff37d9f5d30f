"""A whole Optuna study on one problem, several trials at a time on a simulated clock."""

import time
import warnings
from heapq import heappop, heappush

import optuna
from problems import definition
from silence import silence

with silence():
    import torch

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
torch.set_num_threads(1)

SAMPLERS = {
    "tpe": optuna.samplers.TPESampler,
    "gp": optuna.samplers.GPSampler,
    "random": optuna.samplers.RandomSampler,
}


def run(evaluate, problem, sampler, seed, parallel, durations, noise):
    """
    `durations` and `noise` hold one number a trial, in the order of their start: how long it takes on the simulated
    clock, and what is added to the metric that the sampler sees. Trial 0 has the problem's starting values.
    Returns the true metrics in the order in which the trials finished, their values, and the seconds of processor time
    of each suggestion.
    """
    known = definition(problem)
    study = optuna.create_study(
        sampler=SAMPLERS[sampler](seed=seed), direction="minimize" if problem.endswith("-diabetes") else "maximize"
    )
    study.enqueue_trial(known["start"])
    running, metrics, tried, seconds = [], [], [], []

    def finish_next():
        end, number, trial, values = heappop(running)
        metric = evaluate(problem, values)
        metrics.append(metric)
        tried.append(values)
        if metric is None:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
        else:
            study.tell(trial, metric + noise[number])
        return end

    clock = 0.0
    for number, duration in enumerate(durations):
        if len(running) == parallel:
            clock = finish_next()
        started = time.process_time()
        trial = study.ask()
        values = suggest(trial, known["space"])
        seconds.append(time.process_time() - started)
        heappush(running, (clock + duration, number, trial, values))
    while running:
        finish_next()
    return {"metrics": metrics, "values": tried, "seconds": seconds}


def suggest(trial, space):
    """As Optuna wants it, defined by running: a conditional hyperparameter is asked for only where it matters."""
    values = {}
    for name, dimension in space.items():
        condition = dimension.get("condition")
        if condition and values.get(condition["name"]) not in condition["values"]:
            continue
        if dimension["type"] == "categorical":
            values[name] = trial.suggest_categorical(name, dimension["choices"])
        else:
            ask = trial.suggest_int if dimension["type"] == "int" else trial.suggest_float
            values[name] = ask(name, dimension["low"], dimension["high"], log=dimension["log"])
    return values
