"""Seeds the generators of Python and of the frameworks with HONE_SEED. A script that seeds them itself comes later and wins."""

import os
import random

from .imports import after_import


def plant():
    """Seeds Python now, and each framework as soon as it is imported. Without HONE_SEED nothing is seeded."""
    text = os.environ.get("HONE_SEED", "")
    if not text.isdigit():
        return
    seed = int(text)
    random.seed(seed)
    after_import("numpy", lambda numpy: numpy.random.seed(seed % 2**32))
    after_import("torch", lambda torch: torch.manual_seed(seed))
    after_import("tensorflow", lambda tensorflow: tensorflow.random.set_seed(seed))
