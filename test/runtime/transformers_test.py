"""When the checkpoint folders that a Trainer wrote itself are removed: those that it writes again, once it does go on."""

import os
import tempfile
import unittest
from unittest import mock

from _hone import transformers_state


def left(after, fails=False):
    """Restores a checkpoint of step 20 where the Trainer's own of steps 10, 20 and 30 lie. @returns those that are left"""
    with tempfile.TemporaryDirectory() as folder:
        path, out = os.path.join(folder, "hone"), os.path.join(folder, "out")
        os.makedirs(path)
        with open(os.path.join(path, "manifest.json"), "w"):
            pass
        os.utime(os.path.join(path, "manifest.json"), (1000, 1000))
        for step in (10, 20, 30):
            own = os.path.join(out, "checkpoint-%d" % step)
            os.makedirs(own)
            os.utime(own, (1000 + after, 1000 + after))
        trainer = mock.Mock(args=mock.Mock(output_dir=out))
        if fails:
            trainer.lr_scheduler.load_state_dict.side_effect = KeyError("last_epoch")
        saved = {"weights": {}, "optimizer": {}, "scheduler": {}, "scaler": None, "step": 20, "state": {}}
        try:
            transformers_state.restore(trainer, saved, path)
        except KeyError:
            assert fails
        return sorted(os.listdir(out))


class Removed(unittest.TestCase):
    def test_what_comes_again(self):
        self.assertEqual(left(after=5), ["checkpoint-10", "checkpoint-20"])

    def test_nothing_that_is_older_than_the_checkpoint(self):
        self.assertEqual(left(after=-5), ["checkpoint-10", "checkpoint-20", "checkpoint-30"])

    def test_nothing_when_it_cannot_be_restored(self):
        self.assertEqual(left(after=5, fails=True), ["checkpoint-10", "checkpoint-20", "checkpoint-30"])


if __name__ == "__main__":
    unittest.main()
