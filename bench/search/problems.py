"""The objectives: cross-validated estimators on scikit-learn's bundled data, and LCBench's surrogate where its folder is given."""

import importlib
import json
from functools import cache
from pathlib import Path

import numpy as np
from silence import silence
from sklearn import datasets
from sklearn.decomposition import PCA
from sklearn.model_selection import RepeatedKFold, RepeatedStratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

DEFINITIONS = json.loads((Path(__file__).parent / "problems.json").read_text())
LCBENCH = Path("/lcbench")
LOADERS = {
    "digits": datasets.load_digits,
    "cancer": datasets.load_breast_cancer,
    "wine": datasets.load_wine,
    "iris": datasets.load_iris,
    "diabetes": datasets.load_diabetes,
}
SCALERS = {"standard": StandardScaler, "minmax": MinMaxScaler}


def definition(problem):
    """The part of problems.json that a problem's name (`svm-digits`, `lcbench-3945`) stands for."""
    name = problem.rpartition("-")[0]
    return DEFINITIONS["lcbench"] if name == "lcbench" else DEFINITIONS["estimators"][name]


def active(space, values):
    """Of the values, those that matter: whose condition, if any, holds. Parents stand before their children."""
    kept = {}
    for name, dimension in space.items():
        condition = dimension.get("condition")
        if not condition or (condition["name"] in kept and kept[condition["name"]] in condition["values"]):
            # JSON knows no difference between 1 and 1.0, but an estimator does.
            kept[name] = float(values[name]) if dimension["type"] == "float" else values[name]
    return kept


def evaluate(problem, values):
    """Accuracy in per cent, or root mean squared error for diabetes; None where these values cannot be trained."""
    values = active(definition(problem)["space"], values)
    name, _, data = problem.rpartition("-")
    return final_accuracies(data, [values])[0] if name == "lcbench" else cross_validated(name, data, values)


def cross_validated(name, data, values):
    """The mean over fixed folds, the same for every set of values."""
    inputs, targets, folds = load(data)
    scores = []
    try:
        for train, test in folds:
            model = build(DEFINITIONS["estimators"][name], values, inputs.shape[1])
            model.fit(inputs[train], targets[train])
            scores.append(score(data, targets[test], model.predict(inputs[test])))
    except ValueError:
        return None
    mean = float(np.mean(scores))
    return mean if np.isfinite(mean) else None


def score(data, truth, predicted):
    if data == "diabetes":
        return np.sqrt(np.mean((truth - predicted) ** 2))
    return 100 * np.mean(truth == predicted)


def build(estimator, values, features):
    """The values are the estimator's own arguments, but for the steps before it and the shape of a network."""
    values = {name: None if value == "none" else value for name, value in values.items()}
    scaler = values.pop("scaler", None)
    components = values.pop("components", None)
    if "layers" in values:
        values["hidden_layer_sizes"] = (values.pop("units"),) * values.pop("layers")
    module, _, kind = estimator["model"].rpartition(".")
    steps = [SCALERS[scaler]()] if scaler else []
    if components:
        steps.append(PCA(min(components, features), random_state=0))
    return make_pipeline(*steps, getattr(importlib.import_module(module), kind)(**estimator["fixed"], **values))


@cache
def load(data):
    """Inputs, targets and the folds, as index pairs."""
    settings = DEFINITIONS["data"][data]
    inputs, targets = LOADERS[data](return_X_y=True)
    if "samples" in settings:
        chosen = np.random.default_rng(0).permutation(len(targets))[: settings["samples"]]
        inputs, targets = inputs[chosen], targets[chosen]
    splitter = RepeatedKFold if data == "diabetes" else RepeatedStratifiedKFold
    folds = splitter(n_splits=settings["folds"], n_repeats=settings["repeats"], random_state=0)
    return inputs, targets, list(folds.split(inputs, targets))


EPOCHS = 52
#: The surrogate's inputs after the epoch, in its order.
LCBENCH_INPUTS = ("batch_size", "learning_rate", "momentum", "weight_decay", "num_layers", "max_units", "max_dropout")
VALIDATION_ACCURACY = 1


@cache
def surrogate():
    with silence():
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = str(LCBENCH / "model.onnx")
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return session, json.loads((LCBENCH / "encoding.json").read_text())["OpenML_task_id"]


def curve(task, values):
    """Validation accuracy in per cent after each of the 52 epochs."""
    return accuracies(task, [(epoch, values) for epoch in range(1, EPOCHS + 1)])


def final_accuracies(task, points):
    """Of many sets of values at once, the validation accuracy after the last epoch."""
    return accuracies(task, [(EPOCHS, values) for values in points])


def accuracies(task, rows):
    session, codes = surrogate()
    inputs = np.array([[epoch, *(values[name] for name in LCBENCH_INPUTS)] for epoch, values in rows])
    feed = {"x_cat": np.full((len(rows), 1), codes[task], np.int32), "x_cont": inputs.astype(np.float32)}
    return [float(value) for value in session.run(None, feed)[0][:, VALIDATION_ACCURACY]]
