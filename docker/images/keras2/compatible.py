"""Puts back what code for Keras 2 relies on and tf-keras left out. Run once, when the image is built."""

import shutil
from importlib.util import find_spec
from pathlib import Path

LAYERS = "from tf_keras.layers import *\n"
ENGINE = "from tf_keras import Input, Model, Sequential\nfrom tf_keras.layers import InputSpec, Layer\n"

#: Modules that public code imported from; what they hold today is elsewhere.
MODULES = {
    **{
        f"layers/{name}.py": LAYERS
        for name in (
            "advanced_activations convolutional convolutional_recurrent core embeddings local merge noise "
            "normalization pooling recurrent wrappers"
        ).split()
    },
    **{f"engine/{name}.py": ENGINE for name in ("__init__", "base_layer", "topology", "training")},
    "utils/np_utils.py": "from tf_keras.src.utils.np_utils import *\n",
    "utils/vis_utils.py": "from tf_keras.src.utils.vis_utils import *\n",
    "utils/generic_utils.py": "from tf_keras.utils import *\nfrom tf_keras.src.utils.generic_utils import *\n",
}

#: Optimisers that obey `lr` and `decay`: the newer ones drop `lr` with a warning and train on with their default.
OPTIMIZERS = """
from tf_keras.optimizers.legacy import Adadelta, Adagrad, Adam, Adamax, Ftrl, Nadam, RMSprop, SGD
adadelta, adagrad, adam, adamax, nadam, rmsprop, sgd = Adadelta, Adagrad, Adam, Adamax, Nadam, RMSprop, SGD
"""

#: The same layers, for a graphics card only.
CUDNN = """
CuDNNGRU, CuDNNLSTM = GRU, LSTM
"""

#: Methods that Keras 2.6 took from Sequential.
PREDICT = """

def _predict_proba(self, x, batch_size=32, verbose=0):
    return self.predict(x, batch_size=batch_size, verbose=verbose)


def _predict_classes(self, x, batch_size=32, verbose=0):
    scores = self.predict(x, batch_size=batch_size, verbose=verbose)
    return scores.argmax(axis=-1) if scores.shape[-1] > 1 else (scores > 0.5).astype("int32")


Sequential.predict_proba = _predict_proba
Sequential.predict_classes = _predict_classes
"""


def main():
    home = Path(find_spec("tf_keras").submodule_search_locations[0])
    # `import keras` and `tf.keras`.
    shutil.rmtree(home.parent / "keras")
    (home.parent / "keras").symlink_to("tf_keras")
    for root in (home, home / "api/_v2/keras"):
        for name, text in MODULES.items():
            path = root / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        append(root / "optimizers/__init__.py", OPTIMIZERS)
        append(root / "layers/__init__.py", CUDNN)
    append(home / "src/engine/sequential.py", PREDICT)


def append(path, text):
    path.write_text(path.read_text() + text)


main()
