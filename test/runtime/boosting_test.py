"""What of Hone's own fails within XGBoost's and LightGBM's trainings: it does not end them, and leaves no half of a state."""

import contextlib
import io
import sys
import tempfile
import types
import unittest
from unittest import mock

from _hone import boosting, events, lightgbm, xgboost


class Section:
    """One whose checkpoint has a booster for each of two folds."""

    def __init__(self, folder):
        self.resume = types.SimpleNamespace(file=lambda name: "%s/%s" % (folder, name))
        self.done = False
        self.refused = []

    def state(self):
        return {"scores": [["a"], ["b"]], "empty": None}

    def refuse(self, why):
        self.refused.append(why)
        self.resume = None

    def restored(self, random=True):
        self.random = random
        if random:
            raise OSError("random.pkl is gone")


class Booster:
    def __init__(self):
        self.loaded = None

    def load_model(self, raw):
        if raw == b"torn":
            raise ValueError("it is torn")
        self.loaded = bytes(raw)

    def num_features(self):
        return int(self.loaded)

    def num_boosted_rounds(self):
        return 2


class Data:
    def __init__(self, columns):
        self.columns = columns

    def num_col(self):
        return self.columns


def begun(*saved):
    """A cross-validation of XGBoost on data with five columns, after what was saved of its folds was looked at."""
    folds = [types.SimpleNamespace(bst=Booster(), dtrain=Data(5)) for _ in saved]
    model = types.SimpleNamespace(cvfolds=folds, update=None)
    with tempfile.TemporaryDirectory() as folder:
        for number, raw in enumerate(saved):
            with open("%s/booster-%d.ubj" % (folder, number), "wb") as file:
                file.write(raw)
        section = Section(folder)
        run = xgboost._Run(section, {"dtrain": None})
        run.begin(model)
    return section, run, model, [one.bst.loaded for one in folds]


class XGBoost(unittest.TestCase):
    def test_goes_on_when_all_folds_can_be_read(self):
        section, run, _, loaded = begun(b"5", b"5")
        self.assertEqual((section.refused, run.back, loaded), ([], 2, [b"5", b"5"]))

    def test_loads_no_fold_when_one_cannot_be_read(self):
        for second, why in ((b"torn", "it is torn"), (b"4", "its trees are of 4 features, and the data has 5")):
            section, run, _, loaded = begun(b"5", second)
            self.assertEqual((run.back, loaded), (0, [None, None]))
            self.assertIn(why, section.refused[0])

    def test_trains_on_without_the_random_numbers(self):
        section, run, model, _ = begun(b"5", b"5")
        with mock.patch.object(xgboost.xgboost_random, "catch_up"), mock.patch.object(events, "warn") as warn:
            run.caught_up()
        self.assertNotIn("update", vars(model))
        self.assertFalse(section.random)
        self.assertEqual([call.args[0] for call in warn.call_args_list], ["resume-inexact"])


class Quietly(unittest.TestCase):
    def setUp(self):
        events._complained = False

    def test_says_what_of_its_own_failed_and_goes_on(self):
        def fails(*_):
            raise KeyError("own")

        with contextlib.redirect_stderr(io.StringIO()) as said:
            self.assertIsNone(boosting.quietly(fails))
            lightgbm._quiet(fails)(None)
        self.assertEqual(said.getvalue().count("KeyError('own')"), 1)

    def test_lets_through_what_a_script_raises(self):
        def fails(_):
            raise KeyError("the script's")

        with self.assertRaises(KeyError):
            lightgbm._Callback(fails)(None)
        with self.assertRaises(SystemExit):
            boosting.quietly(lambda: sys.exit(3))


if __name__ == "__main__":
    unittest.main()
