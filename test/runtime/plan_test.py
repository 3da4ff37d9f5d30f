"""Tables of _hone.plan: from which checkpoints an attempt goes on, and which are no longer needed."""

import unittest
from collections import namedtuple

from _hone.plan import Plan, ancestors, superfluous

Checkpoint = namedtuple("Checkpoint", "sequence place index done")

#: Of a file in a folder, one in a loop of another, and one that comes before the target in the same iteration.
FOLDER = "src/ml/train.py:3#0"
NESTED, BESIDE = FOLDER + "[2]/src/fit.py:7#0", FOLDER + "[2]/src/fit.py:2#0"
LOOP, INSIDE, SECOND = "train.py:3#0", "train.py:3#0[2]/keras.fit#0", "train.py:3#0[2]/keras.fit#1"


def made(*rows):
    """(place, index) or (place, index, done), in the order in which they were made."""
    return [Checkpoint(number, *(row + (False,))[:3]) for number, row in enumerate(rows, 1)]


#: name, checkpoints, numbers of the broken, the target's number, and the numbers that are read; None: begins anew
GOES_ON = [
    ("nothing is there", made(), [], None, []),
    ("the newest", made((LOOP, 1), (LOOP, 2)), [], 2, [2]),
    ("a damaged newest gives way to the one before", made((LOOP, 1), (LOOP, 2)), [2], 1, [1]),
    ("all are damaged", made((LOOP, 1), (LOOP, 2)), [1, 2], None, []),
    ("of a fit in a loop, with the loop's own", made((LOOP, 2), (INSIDE, 5)), [], 2, [1, 2]),
    ("the loop's is of another iteration", made((LOOP, 1), (INSIDE, 5)), [], 1, [1]),
    ("the loop's is missing", made((INSIDE, 5)), [], None, []),
    ("the loop's is damaged", made((LOOP, 1), (LOOP, 2), (INSIDE, 5)), [2], 1, [1]),
    ("in the first iteration no other is needed", made(("a#0[0]/b#0", 4)), [], 1, [1]),
    ("three levels", made(("a#0", 1), ("a#0[1]/b#0", 2), ("a#0[1]/b#0[2]/c#0", 3)), [], 3, [1, 2, 3]),
    ("the middle level is missing", made(("a#0", 1), ("a#0[1]/b#0[2]/c#0", 3)), [], 1, [1]),
    ("what was done before is read too", made((LOOP, 2), (INSIDE, 9, True), (SECOND, 4)), [], 3, [1, 2, 3]),
    ("a damaged one that was done", made((LOOP, 2), (INSIDE, 9, True), (SECOND, 4)), [2], 3, [1, 3]),
    ("done in an iteration before", made(("a#0[0]/b#0", 9, True), ("a#0", 1), ("a#0[1]/b#0", 4)), [], 3, [2, 3]),
    ("a phase before", made(("a#0", 9, True), ("b#0", 4)), [], 2, [1, 2]),
    ("of a file in a folder", made((FOLDER, 1), (FOLDER, 2)), [], 2, [2]),
    ("of files in folders, in each other", made((FOLDER, 2), (BESIDE, 3, True), (NESTED, 5)), [], 3, [1, 2, 3]),
    ("a phase before, of files in one folder", made(("src/a.py:1#0", 9, True), ("src/b.py:1#0", 4)), [], 2, [1, 2]),
    ("all came to their end", made(("a#0", 9, True), ("b#0", 4, True)), [], 2, [1, 2]),
]

#: name, checkpoints, the numbers that can go
CAN_GO = [
    ("two are kept", made((LOOP, 1), (LOOP, 2), (LOOP, 3), (LOOP, 4)), [1, 2]),
    ("a loop's own is needed by what lies in it", made((LOOP, 2), (INSIDE, 1), (INSIDE, 2), (INSIDE, 3)), [2]),
    ("those of iterations before", made((LOOP, 1), ("train.py:3#0[1]/keras.fit#0", 9, True), (LOOP, 2), (LOOP, 3)), [1, 2]),
    ("a phase that is done", made(("a#0", 9, True), ("b#0", 1), ("b#0", 2), ("b#0", 3)), [2]),
    ("one that nothing leads to", made((INSIDE, 5), ("a#0", 1), ("a#0", 2)), [1]),
]


class PlanTest(unittest.TestCase):
    def test_ancestors(self):
        self.assertEqual(ancestors("a#0"), [])
        self.assertEqual(ancestors(FOLDER), [])
        self.assertEqual(ancestors(NESTED), [(FOLDER, 2)])
        self.assertEqual(ancestors("a#0[3]/b#0[1]/c#0"), [("a#0", 3), ("a#0[3]/b#0", 1)])

    def test_goes_on(self):
        for name, checkpoints, damaged, target, read in GOES_ON:
            with self.subTest(name):
                plan = Plan(checkpoints, lambda one: "damaged" if one.sequence in damaged else None)
                self.assertEqual(plan.target and plan.target.sequence, target)
                # A place is asked for in its turn: a loop, what lies in it, and the target last.
                places = sorted({one.place for one in checkpoints if one.sequence in read})
                found = [plan.find(place) for place in sorted(places, key=lambda place: self.order(checkpoints, place))]
                self.assertEqual(sorted(one.sequence for one in found if one), read)

    def test_after_the_target_everything_is_new(self):
        plan = Plan(made((LOOP, 1), (LOOP, 2)))
        self.assertEqual(plan.find(LOOP).index, 2)
        self.assertIsNone(plan.find(LOOP))

    def test_can_be_given_up(self):
        plan = Plan(made((LOOP, 1)))
        plan.give_up()
        self.assertIsNone(plan.find(LOOP))

    def test_superfluous(self):
        for name, checkpoints, gone in CAN_GO:
            with self.subTest(name):
                self.assertEqual([one.sequence for one in superfluous(checkpoints)], gone)

    @staticmethod
    def order(checkpoints, place):
        return max(one.sequence for one in checkpoints if one.place == place)


if __name__ == "__main__":
    unittest.main()
