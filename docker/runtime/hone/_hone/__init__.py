"""Hone's part in a training: it listens, writes what it hears as JSON lines, and keeps checkpoints. Standard library only."""


def start():
    """Begins to listen, in the first Python process of a container only."""
    import os

    # In every process: its children run the same code.
    if os.environ.get("HONE_NOTEBOOK"):
        from . import notebook

        notebook.stand_in()
    # Set by that first process: its children, such as data loaders and joblib's workers, train but do not report.
    if os.environ.get("_HONE_PROCESS"):
        from . import door

        door.hang(door.Closed())
        return
    os.environ["_HONE_PROCESS"] = str(os.getpid())

    from . import (
        catboost,
        downloads,
        ending,
        events,
        frameworks,
        heartbeat,
        keras,
        lightgbm,
        lightning,
        own,
        printed,
        seeds,
        sklearn,
        stopping,
        transformers,
        xgboost,
    )

    events.open_file()
    printed.listen()
    ending.listen()
    stopping.listen()
    heartbeat.start()
    frameworks.listen()
    downloads.listen()
    sklearn.listen()
    catboost.listen()
    keras.listen()
    lightgbm.listen()
    xgboost.listen()
    lightning.listen()
    transformers.listen()
    own.listen()
    seeds.plant()
