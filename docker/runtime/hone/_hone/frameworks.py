"""Reports which frameworks a script imports, with their versions."""

from . import events
from .imports import after_import

#: Module -> the framework's name as Hone writes it.
_FRAMEWORKS = {
    "tensorflow": "tensorflow",
    "keras": "keras",
    "tf_keras": "keras",
    "torch": "pytorch",
    "lightning": "lightning",
    "pytorch_lightning": "lightning",
    "transformers": "transformers",
    "sklearn": "scikit-learn",
    "xgboost": "xgboost",
    "lightgbm": "lightgbm",
    "catboost": "catboost",
    "jax": "jax",
    "statsmodels": "statsmodels",
}


def listen():
    for module, name in _FRAMEWORKS.items():
        after_import(module, _reporting(name))


def _reporting(name):
    def report(module):
        events.emit("framework", name=name, version=str(getattr(module, "__version__", "")) or None)

    return report
