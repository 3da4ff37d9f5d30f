"""Brings the random generators inside of XGBoost to where they were after so many rounds.

Nobody can read or set their states. But a round whose gradients are all zero samples rows and columns as any other does,
and its tree is a root without a value: as many such rounds as were done are added to the loaded booster, and taken out of
it when it is saved or handed to the script.
"""

import json

from . import events

#: What is drawn for each level or node: how often depends on the trees.
_BELOW = ("colsample_bylevel", "colsample_bynode")
#: Objectives that set the leaves of a tree themselves, so that it is not empty.
_ADAPTIVE = ("reg:absoluteerror", "reg:quantileerror")


def catch_up(folds, rounds):
    """@param folds (booster, its training data) of the training, or of each fold of a cross-validation
    @returns the first and the number of the rounds that were added; None when there is nothing random, or when the
    generators cannot be caught up with, which is said
    """
    booster, _ = folds[0]
    config = json.loads(booster.save_config())["learner"]
    trees, dart = _find(config, "tree_train_param"), _find(config, "dart_train_param")
    dropping = dart and (float(dart["rate_drop"]) > 0 or dart["one_drop"] == "1")
    if not dropping and (not trees or _is_one(trees, "subsample", "colsample_bytree", *_BELOW)):
        return None
    if (
        dropping
        or not _is_one(trees, *_BELOW)
        or trees.get("sampling_method", "uniform") != "uniform"
        or not config["generic_param"].get("device", "cpu").startswith("cpu")
        or config["learner_train_param"]["objective"] in _ADAPTIVE
    ):
        events.warn(
            "resume-inexact",
            "XGBoost goes on from its trees, but what it samples from here on is not what it would have sampled.",
        )
        return None
    for one, _ in folds:
        _seed(one)
    outputs = max(1, int(config["learner_model_param"].get("num_class", 0)))
    outputs = max(outputs, int(config["learner_model_param"].get("num_target", 1)))
    first = booster.num_boosted_rounds()
    for number in range(rounds):
        for one, data in folds:
            _empty_round(one, data, number, outputs)
    return first, rounds



def without(data, first, count):
    """A saved booster without the trees of some rounds."""
    from xgboost import Booster

    booster = Booster(model_file=bytearray(data))
    whole = json.loads(booster.save_raw(raw_format="json"))
    model = whole["learner"]["gradient_booster"]
    model = model.get("gbtree", model)["model"]
    trees, total = model["trees"], booster.num_boosted_rounds()
    begins = model.get("iteration_indptr") or [number * len(trees) // total for number in range(total + 1)]
    gone = slice(begins[first], begins[first + count])
    del trees[gone], model["tree_info"][gone]
    for number, tree in enumerate(trees):
        tree["id"] = number
    model["gbtree_model_param"]["num_trees"] = str(len(trees))
    if "iteration_indptr" in model:
        shift = gone.stop - gone.start
        model["iteration_indptr"] = begins[:first] + [begin - shift for begin in begins[first + count :]]
    return bytearray(json.dumps(whole).encode())


def _find(config, name):
    """A section of the configuration, wherever this version of XGBoost keeps it."""
    if isinstance(config, dict):
        if name in config:
            return config[name]
        return next((found for found in (_find(one, name) for one in config.values()) if found), None)
    if isinstance(config, list):
        return next((found for found in (_find(one, name) for one in config) if found), None)
    return None


def _is_one(trees, *names):
    return all(float(trees.get(name, 1)) == 1 for name in names)


def _seed(booster):
    """A loaded booster seeds its generator only when the seed has changed."""
    seed = int(json.loads(booster.save_config())["learner"]["generic_param"]["seed"])
    booster.set_param("seed", seed + 1)
    # Has the parameter take effect.
    booster.save_config()
    booster.set_param("seed", seed)


def _empty_round(booster, data, number, outputs):
    import inspect

    import numpy

    zeros = numpy.zeros((data.num_row(), outputs) if outputs > 1 else data.num_row(), numpy.float32)
    if "iteration" in inspect.signature(booster.boost).parameters:
        booster.boost(data, number, zeros, zeros)
    else:
        # Before 2.1, which also wants the values of all classes one after another.
        booster.boost(data, zeros.ravel(), zeros.ravel())
