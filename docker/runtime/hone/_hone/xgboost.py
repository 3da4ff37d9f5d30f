"""XGBoost: the metrics of each round, and a training that goes on from the booster as if it had never stopped.

A resumed training comes to all of its rounds again: those that are done are skipped, but its callbacks see them with the
values that they had, so that early stopping and histories are complete.
"""

import functools
import inspect
import sys
import threading

from . import boosting, sections, xgboost_random
from .imports import after_import

_local = threading.local()
#: Callbacks of XGBoost's own that print or write files: they do not see a round for a second time.
_ONCE = ("EvaluationMonitor", "TrainingCheckPoint")


def listen():
    after_import("xgboost.training", _patch)


def _patch(training):
    training.CallbackContainer = _container(training.CallbackContainer)
    training.train = _wrapped(training.train, "xgboost.train")
    training.cv = _wrapped(training.cv, "xgboost.cv")


def _wrapped(original, name):
    signature = inspect.signature(original)

    @functools.wraps(original)
    def train(*args, **kwargs):
        if boosting.own_call(sys._getframe(1), "xgboost") is None:
            return original(*args, **kwargs)
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            return original(*args, **kwargs)
        bound.apply_defaults()
        with sections.section(name) as section:
            before = getattr(_local, "run", None)
            _local.run = boosting.quietly(lambda: _Run(section, bound.arguments))
            try:
                return original(*args, **kwargs)
            finally:
                _local.run = before

    return train


class _Run:
    """One training: what is known of its rounds."""

    def __init__(self, section, arguments):
        self.section = section
        #: Its container of callbacks is there; a training inside of a callback has one of its own.
        self.taken = False
        self._data = arguments["dtrain"]
        self._params = arguments.get("params") or {}
        self._train_names = [name for data, name in arguments.get("evals") or () if data is self._data]
        self._rounds = boosting.Rounds(section, arguments.get("num_boost_round"))
        #: The scores of each round, as XGBoost hands them to its callbacks.
        self.scores = []
        #: How many rounds are not trained again.
        self.back = 0
        self._cv = False
        #: (booster, its data) of the training, or of each fold.
        self._folds = []
        self._skipping = None
        #: The first and the number of rounds that only brought the random generators to where they were.
        self._empty = None

    def begin(self, model):
        """Before anything has asked the booster anything: what is loaded later loses some of its parameters."""
        self._cv = hasattr(model, "cvfolds")
        self._folds = [(one.bst, one.dtrain) for one in model.cvfolds] if self._cv else [(model, self._data)]
        if not self.section.resume:
            return
        try:
            state = self.section.state()
            # All are read before one is loaded: if one fold has to begin anew, so have the others.
            saved = [self._read(number, state["empty"], one) for number, one in enumerate(self._folds)]
            for (booster, _), raw in zip(self._folds, saved):
                booster.load_model(raw)
            # Of a model that the script goes on from itself.
            own = self._folds[0][0].num_boosted_rounds() - len(state["scores"])
        except Exception as error:
            self.section.refuse(f"XGBoost cannot read it ({error!r})")
            return
        self.scores = state["scores"]
        self.back = len(self.scores)
        self._skipping = model
        model.update = lambda *args, **kwargs: None
        model.num_boosted_rounds = lambda: own

    def _read(self, number, empty, fold):
        """@returns what a fold's booster is to load. @throws when that does not fit"""
        booster, data = fold
        with open(self.section.resume.file(_file(number)), "rb") as file:
            raw = bytearray(file.read())
        if empty:
            raw = xgboost_random.without(raw, *empty)
        tried = type(booster)()
        tried.load_model(raw)
        if hasattr(tried, "num_features") and tried.num_features() != data.num_col():
            raise ValueError(f"its trees are of {tried.num_features()} features, and the data has {data.num_col()}")
        return raw

    def begun(self, model):
        if self._skipping is not None:
            del model.num_boosted_rounds

    def caught_up(self):
        """All rounds that were done are skipped: the next one is trained."""
        if self._skipping is None:
            return
        del self._skipping.update
        self._skipping = None
        if not self.section.done:
            self._empty = boosting.quietly(lambda: xgboost_random.catch_up(self._folds, self.back))
        boosting.restored(self.section)

    def over(self, epoch):
        """A round was trained."""
        metrics = {}
        for score in self.scores[-1]:
            data, _, metric = score[0].partition("-")
            # The test folds of a cross-validation validate.
            data = "validation" if self._cv and data == "test" else data
            metrics[boosting.metric_name(data, metric, data in self._train_names)] = score[1]
        self._rounds.over(epoch + 1, metrics, self._parts)

    def end(self):
        self.caught_up()
        if not self.section.done:
            self.section.finish(self._parts)
        if self._empty and not self._cv:
            booster = self._folds[0][0]
            booster.load_model(xgboost_random.without(_raw(booster), *self._empty))
            params = dict(self._params)
            booster.set_param({name: value for name, value in params.items() if isinstance(value, (str, int, float))})

    def _parts(self):
        parts = sections.pickled({"scores": self.scores, "empty": self._empty})
        for number, (booster, _) in enumerate(self._folds):
            parts[_file(number)] = _raw(booster)
        return parts


def _file(number):
    return "booster-%d.ubj" % number


def _raw(booster):
    try:
        return booster.save_raw(raw_format="ubj")
    except TypeError:
        # Before 1.6 there was one format only.
        return booster.save_raw()


def _container(original):
    class CallbackContainer(original):
        """XGBoost's own, which a training asks at each step, with the rounds that are done skipped."""

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            run = getattr(_local, "run", None)
            self._run = None if run is None or run.taken else run
            if self._run:
                self._run.taken = True

        def before_training(self, model):
            run = self._run
            if run:
                run.begin(model)
            model = super().before_training(model)
            if run:
                run.begun(model)
            return model

        def before_iteration(self, model, epoch, *rest):
            run = self._run
            if run and epoch < run.back:
                return any(one.before_iteration(model, epoch, self.history) for one in self._replayed())
            if run:
                run.caught_up()
                if run.section.done:
                    return True
            return super().before_iteration(model, epoch, *rest)

        def after_iteration(self, model, epoch, *rest):
            run = self._run
            if run and epoch < run.back:
                super()._update_history(run.scores[epoch], epoch)
                self.aggregated_cv = run.scores[epoch]
                return any(one.after_iteration(model, epoch, self.history) for one in self._replayed())
            ended = super().after_iteration(model, epoch, *rest)
            if run:
                boosting.quietly(lambda: run.over(epoch))
            return ended

        def after_training(self, model):
            if self._run:
                boosting.quietly(self._run.end)
            return super().after_training(model)

        def _update_history(self, score, epoch):
            if self._run:
                self._run.scores.append(list(score))
            return super()._update_history(score, epoch)

        def _replayed(self):
            return [one for one in self.callbacks if type(one).__name__ not in _ONCE]

    return CallbackContainer
