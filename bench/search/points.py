"""Random points of a problem's space, which give the scale that its regret is measured on."""

import numpy as np
from problems import definition, evaluate, final_accuracies


def draw(dimension, random):
    """Uniform, or log-uniform; each integer gets the unit around it."""
    if dimension["type"] == "categorical":
        return dimension["choices"][random.integers(len(dimension["choices"]))]
    margin = 0.5 if dimension["type"] == "int" else 0.0
    low, high = dimension["low"] - margin, dimension["high"] + margin
    value = low * (high / low) ** random.random() if dimension["log"] else low + (high - low) * random.random()
    value = min(max(value, dimension["low"]), dimension["high"])
    return round(value) if margin else value


def metrics_of_points(problem, count):
    """The metrics of so many points, the same at every call; None for what cannot be trained."""
    random = np.random.default_rng(0)
    space = definition(problem)["space"]
    points = [{name: draw(dimension, random) for name, dimension in space.items()} for _ in range(count)]
    if problem.startswith("lcbench-"):
        return final_accuracies(problem.rpartition("-")[2], points)
    return [evaluate(problem, values) for values in points]
