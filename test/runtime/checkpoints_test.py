"""What of a checkpoint is on the disk when a process is killed as it removes it."""

import os
import tempfile
import unittest
from unittest import mock

from _hone import checkpoints


class RemovalTest(unittest.TestCase):
    def test_cut_off(self):
        with tempfile.TemporaryDirectory() as root, mock.patch.dict(os.environ, HONE_CHECKPOINT_DIR=root):
            made = checkpoints.write(3, "train.py:1#0", 1, False, 1, {"state.pkl": b"state"})
            with mock.patch("shutil.rmtree", lambda path, **_: os.remove(os.path.join(path, "manifest.json"))):
                made.remove()
            self.assertEqual(checkpoints.read_all(), ([], []))
            checkpoints.remove_halves()
            self.assertEqual(os.listdir(checkpoints.folder()), [])


if __name__ == "__main__":
    unittest.main()
