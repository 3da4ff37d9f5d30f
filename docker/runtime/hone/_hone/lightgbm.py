"""LightGBM: the metrics of each round, and a training that goes on from its trees as if it had never stopped.

A resumed training comes to all of its rounds again: those that are done are skipped, but its callbacks see them with the
values that they had, so that early stopping and records of the evaluation are complete.
"""

import contextlib
import functools
import inspect
import sys

from . import boosting, lightgbm_random, sections
from .imports import after_import

_MODEL = "model.txt"


def listen():
    after_import("lightgbm.engine", _patch)


def _patch(engine):
    engine.train = _wrapped(engine.train, engine, _train)
    engine.cv = _wrapped(engine.cv, engine, _cross_validate)


def _wrapped(original, engine, around):
    signature = inspect.signature(original)

    @functools.wraps(original)
    def wrapper(*args, **kwargs):
        if boosting.own_call(sys._getframe(1), "lightgbm") is None:
            return original(*args, **kwargs)
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            return original(*args, **kwargs)
        bound.apply_defaults()
        return around(original, engine, bound)

    return wrapper


def _cross_validate(original, engine, bound):
    """The rounds of a cross-validation are told; a restart begins it anew."""
    with sections.section("lightgbm.cv") as section:
        rounds = boosting.Rounds(section, None)

        def told(env):
            rounds.over(env.iteration + 1, _metrics(env.evaluation_result_list, None), None, may_save=False)

        bound.arguments["callbacks"] = list(bound.arguments["callbacks"] or []) + [_quiet(told)]
        return original(*bound.args, **bound.kwargs)


def _train(original, engine, bound):
    with sections.section("lightgbm.train") as section:
        run = _Run(section, engine, bound.arguments)
        with run.going_on():
            booster = original(*bound.args, **bound.kwargs)
        boosting.quietly(lambda: run.end(booster))
        return booster


class _Callback:
    """As LightGBM calls it, the first or the last of all."""

    def __init__(self, call, last=False, before=False):
        self._call = call
        self.order = float("inf" if last else "-inf")
        self.before_iteration = before

    def __call__(self, env):
        self._call(env)


def _quiet(call, **order):
    """One of Hone's own."""
    return _Callback(lambda env: boosting.quietly(lambda: call(env)), **order)


class _Run:
    """One training: what is known of its rounds."""

    def __init__(self, section, engine, arguments):
        self._section = section
        self._engine = engine
        self._arguments = arguments
        self._rounds = None
        #: What LightGBM evaluated after each round.
        self._results = []
        #: How many rounds are not trained again.
        self._back = 0
        self._booster = None
        #: Rounds of a model that the script goes on from itself.
        self._begin = 0
        self._position = 0
        self._skipping = False
        self._random = None
        callbacks = [self._once(one) for one in arguments["callbacks"] or []]
        own = [_quiet(self._before, before=True), _quiet(self._evaluated), _quiet(self._over, last=True)]
        arguments["callbacks"] = callbacks + own

    @contextlib.contextmanager
    def going_on(self):
        """Has LightGBM train on the trees of the checkpoint, though its rounds are counted from the beginning."""
        init = self._load() if self._section.resume else None
        if init is None:
            yield
            return
        original, begin, done = self._engine._InnerPredictor, self._begin, self._section.done

        class Predictor(original):
            begin = None

            @classmethod
            def from_booster(cls, booster, *args, **kwargs):
                made = super().from_booster(booster, *args, **kwargs)
                made.begin = begin if booster is init else None
                return made

            def current_iteration(self):
                return super().current_iteration() if self.begin is None else self.begin

            def predict(self, data, *args, **kwargs):
                # Nothing is trained any more, so nobody reads where the scores begin.
                if done and self.begin is not None and len(getattr(data, "shape", ())) == 2:
                    return sys.modules["numpy"].zeros((data.shape[0], self.num_class))
                return super().predict(data, *args, **kwargs)

        Predictor.__name__ = Predictor.__qualname__ = original.__name__
        self._arguments["init_model"] = init
        self._engine._InnerPredictor = Predictor
        try:
            yield
        finally:
            self._engine._InnerPredictor = original
            for data in self._data():
                # Another training with the same data begins without these trees.
                if isinstance(getattr(data, "_predictor", None), Predictor):
                    boosting.quietly(functools.partial(_without_trees, data))

    def end(self, booster):
        self._caught_up()
        if not self._section.done and self._random and self._random.kept:
            # Early stopping leaves the last round before it is over.
            self._section.reached(len(self._results))
            self._section.finish(lambda: self._parts(booster))

    def _load(self):
        """@returns the booster of the checkpoint; None when the training begins anew"""
        try:
            if any(data.init_score is not None or _freed(data) for data in self._data()):
                self._section.refuse("LightGBM can only go on with data that it was given, and that has no initial scores")
                return None
            with open(self._section.resume.file(_MODEL)) as file:
                booster = self._engine.Booster(model_str=file.read())
            state = self._section.state()
            columns, features = getattr(self._data()[0].data, "shape", ())[1:], booster.num_feature()
            if columns and columns[0] != features:
                raise ValueError(f"its trees are of {features} features, and the data has {columns[0]}")
            self._results, self._begin = state["results"], state["begin"]
        except Exception as error:
            self._section.refuse(f"LightGBM cannot read it ({error!r})")
            return None
        self._back = len(self._results)
        self._skipping = True
        return booster

    def _data(self):
        valid = self._arguments["valid_sets"] or []
        return [self._arguments["train_set"]] + (list(valid) if isinstance(valid, (list, tuple)) else [valid])

    def _before(self, env):
        self._position = env.iteration - env.begin_iteration
        if self._booster is None:
            self._booster, self._begin = env.model, env.begin_iteration
            self._rounds = boosting.Rounds(self._section, env.end_iteration - env.begin_iteration)
            if self._skipping:
                env.model.update = self._update
                env.model.eval_train = lambda *args, **kwargs: []
                env.model.eval_valid = lambda *args, **kwargs: self._results[self._position]
            self._random = boosting.quietly(lambda: lightgbm_random.Random(env.model))
        if self._position == self._back:
            self._caught_up()

    def _update(self, *args, **kwargs):
        """In the place of the booster's `update`: trains nothing in the rounds that are done."""
        if self._position < self._back:
            return False
        booster = self._booster
        del booster.update
        boosting.quietly(
            lambda: self._random.catch_up(booster, self._back, lambda: booster.update(*args, **kwargs))
        )
        return booster.update(*args, **kwargs)

    def _caught_up(self):
        if not self._skipping:
            return
        self._skipping = False
        for name in ("eval_train", "eval_valid"):
            self._booster.__dict__.pop(name, None)
        boosting.restored(self._section)

    def _evaluated(self, env):
        if not self._skipping:
            self._results.append(env.evaluation_result_list)

    def _over(self, env):
        if self._skipping:
            return
        step = self._position + 1
        metrics = _metrics(env.evaluation_result_list, getattr(env.model, "_train_data_name", None))
        may_save = self._random is not None and self._random.may_save(step)
        self._rounds.over(step, metrics, lambda: self._parts(env.model), may_save)

    def _parts(self, booster):
        # All of its trees, not only those up to the best round.
        model = booster.model_to_string(num_iteration=-1)
        return {_MODEL: model.encode(), **sections.pickled({"results": self._results, "begin": self._begin})}

    def _once(self, callback):
        """What LightGBM prints of a round is not printed for a second time."""
        if type(callback).__name__ != "_LogEvaluationCallback":
            return callback
        muted = _Callback(lambda env: self._skipping or callback(env))
        muted.order, muted.before_iteration = callback.order, callback.before_iteration
        return muted


def _without_trees(data):
    data._predictor = data.init_score = None
    if data._handle is not None:
        data.set_field("init_score", None)


def _freed(data):
    source = data if data.used_indices is None else data.reference
    return data._handle is not None and source.data is None


def _metrics(results, train_name):
    found = {}
    for data, metric, value in (tuple(one)[:3] for one in results or []):
        if data == "cv_agg":
            # Before 4.7 a cross-validation's are named together.
            data, _, metric = metric.rpartition(" ")
        found[boosting.metric_name(data or "valid", metric, data == train_name)] = value
    return found
