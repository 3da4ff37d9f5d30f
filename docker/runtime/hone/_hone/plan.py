"""From which checkpoints an attempt goes on, and which ones are no longer needed. Pure."""

import re

#: The end of a loop's name in a place: its ordinal, and the iteration. A slash alone may be that of a file's folder.
_ITERATION = re.compile(r"(#\d+)\[(\d+)\]/")


def ancestors(place):
    """`a#0[3]/b#0[1]/c#0` -> [(`a#0`, 3), (`a#0[3]/b#0`, 1)]: the loops around a place, and their iterations."""
    return [(place[: one.end(1)], int(one.group(2))) for one in _ITERATION.finditer(place)]


def inside(place):
    """The iteration that a place lies in, with a slash at its end; empty for one that lies in no loop."""
    ends = [one.end() for one in _ITERATION.finditer(place)]
    return place[: ends[-1]] if ends else ""


def chain_of(target, checkpoints):
    """The checkpoints that lead to one: of every loop around it that at the beginning of the present iteration.

    @returns None when one of them is not there; the first iteration needs none
    """
    chain = []
    for place, index in ancestors(target.place):
        if index == 0:
            continue
        fitting = [one for one in checkpoints if (one.place, one.index, one.done) == (place, index, False)]
        if not fitting:
            return None
        chain.append(fitting[-1])
    return chain


def finished_before(target, checkpoints):
    """Those of places that came to their end before, on the way to a checkpoint."""
    return [
        one
        for one in checkpoints
        if one.done
        and one.sequence < target.sequence
        and one.place != target.place
        and target.place.startswith(inside(one.place))
    ]


def needed_for(target, checkpoints):
    """All that an attempt reads to go on from a checkpoint; None when it cannot."""
    chain = chain_of(target, checkpoints)
    return None if chain is None else chain + finished_before(target, checkpoints) + [target]


def superfluous(checkpoints):
    """All but the newest two that can be gone on from, and what these need.

    @param checkpoints by sequence
    """
    kept, targets = set(), 0
    for target in reversed(checkpoints):
        needed = needed_for(target, checkpoints) if targets < 2 else None
        if needed is None:
            continue
        targets += 1
        kept.update(one.sequence for one in needed)
    return [one for one in checkpoints if one.sequence not in kept]


class Plan:
    """What to go on from. `find` is asked at every place that the training comes to, in its order."""

    def __init__(self, checkpoints, broken=lambda checkpoint: None):
        """@param broken what is wrong with a checkpoint's files; None when nothing is"""
        #: (checkpoint, why) of those that were given up.
        self.refused = []
        self.target = None
        self._by_place = {}
        whole = list(checkpoints)
        while whole:
            target = whole[-1]
            needed = needed_for(target, whole)
            reasons = [(one, broken(one)) for one in needed or []]
            damaged = [(one, why) for one, why in reasons if why]
            if needed is not None and not damaged:
                self.target = target
                self._by_place = {one.place: one for one in needed}
                return
            self.refused += damaged
            gone = [one for one, _ in damaged] or [target]
            whole = [one for one in whole if one not in gone]

    def find(self, place):
        """The checkpoint that a place goes on from; None where it begins anew."""
        found = self._by_place.pop(place, None)
        if found is self.target:
            # From here on everything is new.
            self._by_place, self.target = {}, None
        return found

    def give_up(self):
        self._by_place, self.target = {}, None
