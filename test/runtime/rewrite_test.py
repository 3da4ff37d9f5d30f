"""Which names a function binds: those that a loop in its middle has to bring back."""

import ast
import sys
import unittest

from _hone import rewrite


def names(text):
    return rewrite.assigned_names(ast.parse(text).body[0])


class AssignedNamesTest(unittest.TestCase):
    def test_all_kinds(self):
        text = """
def train(model, *parts, rate=1, **more):
    global elsewhere
    import numpy.random as draws
    a = b, [c, *d] = 1, [2, 3]
    for e, f in parts: pass
    with open("x") as g: pass
    try: pass
    except ValueError as h: pass
    if (i := 1): pass
    elsewhere = [inner for inner in d]
    def helper(own): mine = own
"""
        self.assertEqual(names(text), set("model parts rate more draws a b c d e f g h i helper".split()))

    @unittest.skipIf(sys.version_info < (3, 10), "it has no match")
    def test_patterns(self):
        text = 'def f(x):\n match x:\n  case {"k": v, **rest}: pass\n  case [a, *b]: pass\n  case whole: pass\n'
        self.assertEqual(names(text), {"x", "v", "rest", "a", "b", "whole"})


if __name__ == "__main__":
    unittest.main()
