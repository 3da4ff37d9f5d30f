"""Seeds the generators of Python and of the frameworks with HONE_SEED. A script that seeds them itself comes later and wins."""

import os
import random
import sys

from .imports import after_import

#: Where numpy's generators that are given no seed take theirs from, instead of the system; None: from the system.
entropy = None


def plant():
    """Seeds Python now, and each framework as soon as it is imported. Without HONE_SEED nothing is seeded."""
    text = os.environ.get("HONE_SEED", "")
    if not text.isdigit():
        return
    seed = int(text)
    random.seed(seed)
    after_import("numpy", lambda numpy: _seed_numpy(numpy, seed))
    after_import("torch", lambda torch: torch.manual_seed(seed))
    after_import("tensorflow", lambda tensorflow: tensorflow.random.set_seed(seed))


def _seed_numpy(numpy, seed):
    """Also for `default_rng()` and the like, each of which gets another seed, but the same ones in each attempt."""
    global entropy
    numpy.random.seed(seed % 2**32)
    module = sys.modules.get("numpy.random.bit_generator")
    original = getattr(module, "randbits", None)
    if original is None:
        return
    entropy = random.Random(seed)
    process, workers = os.getpid(), {}

    def randbits(k):
        if os.getpid() == process:
            return entropy.getrandbits(k)
        # The workers of a loader are copies of this process, but must not draw the same numbers.
        torch = sys.modules.get("torch.utils.data")
        worker = torch.get_worker_info() if torch is not None else None
        if worker is None:
            return original(k)
        return workers.setdefault(worker.seed, random.Random(worker.seed)).getrandbits(k)

    module.randbits = randbits
