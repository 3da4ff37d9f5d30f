"""Brings the random generators inside of LightGBM to where they were after so many rounds.

Nobody can read or set their states. But rows are drawn once a round (or each `bagging_freq` rounds), whatever its tree
looks like: so trees of two leaves and next to no weight are trained, and taken back. And features are drawn once a tree,
and once more whenever a parameter is set.
"""

import re

from . import events

#: Each below 1 has rows drawn.
_FRACTIONS = ("bagging_fraction", "pos_bagging_fraction", "neg_bagging_fraction")
#: Below what LightGBM rounds to zero, so that scores do not change by it.
_NO_WEIGHT = 1e-300


class Random:
    def __init__(self, booster):
        self._is = _parameters(booster)
        #: Whether a training can be gone on with at all: these change or average the trees that are there.
        self.kept = self._is.get("boosting") not in ("dart", "rf")
        bagged = any(self._number(name) < 1 for name in _FRACTIONS)
        self._every = int(self._number("bagging_freq", 0)) if bagged else 0

    def may_save(self, rounds):
        """Rows are drawn anew at the first round of a training that goes on."""
        return self.kept and (self._every < 2 or rounds % self._every == 0)

    def catch_up(self, booster, rounds, update):
        """@param update trains a round of the booster"""
        if self._unknown():
            _say()
            return
        # A callback may have changed them since.
        self._is = _parameters(booster)
        features = self._number("feature_fraction")
        draws = rounds * booster.num_model_per_iteration() if features < 1 else 0
        before = dict(booster.params)
        if self._every:
            booster.reset_parameter({"learning_rate": _NO_WEIGHT, "num_leaves": 2, "feature_fraction": 1.0})
            began = booster.current_iteration()
            for _ in range(rounds):
                update()
            made = booster.current_iteration() - began
            for _ in range(made):
                booster.rollback_one_iter()
            booster.reset_parameter(
                {
                    "learning_rate": self._number("learning_rate", 0.1),
                    "num_leaves": int(self._number("num_leaves", 31)),
                    "feature_fraction": features,
                }
            )
            draws -= 1
            if made != rounds:
                _say()
        for _ in range(draws):
            booster.reset_parameter({"feature_fraction": features})
        booster.params = before

    def _unknown(self):
        """Whether something is drawn that depends on what the trees look like."""
        return (
            self._number("feature_fraction_bynode") < 1
            or self._is.get("extra_trees") == "1"
            or self._is.get("use_quantized_grad") == "1"
            or self._is.get("data_sample_strategy") == "goss"
            or self._is.get("boosting") == "goss"
            or self._is.get("objective") == "rank_xendcg"
            or self._is.get("device_type", "cpu") != "cpu"
        )

    def _number(self, name, default=1.0):
        return float(self._is.get(name, default))


def _parameters(booster):
    """All of its parameters by their own names, as LightGBM writes them into a model."""
    text = booster.model_to_string(num_iteration=1)
    return dict(re.findall(r"^\[(\w+): (.*)\]$", text[text.rfind("\nparameters:") :], re.M))


def _say():
    events.warn(
        "resume-inexact",
        "LightGBM goes on from its trees, but what it samples from here on is not what it would have sampled.",
    )
