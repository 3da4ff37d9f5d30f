"""Fashion-MNIST with Keras: which of ten kinds of clothes is on a picture of 28x28 pixels."""

import gzip
import os

import numpy as np
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from keras.models import Sequential
from keras.optimizers import Adam
from sklearn.datasets import load_digits

DATA_DIR = os.environ.get("DATA_DIR", "/data/fashion-mnist")


def read_idx(name):
    """One file of the data set: the sizes of its dimensions come first, 4 bytes each."""
    with gzip.open(os.path.join(DATA_DIR, name + ".gz"), "rb") as file:
        dimensions = file.read(4)[3]
        shape = np.frombuffer(file.read(4 * dimensions), dtype=">u4")
        return np.frombuffer(file.read(), dtype=np.uint8).reshape(shape)


def draw_digits():
    """scikit-learn's digits, each of their 8x8 pixels as 3x3, with a margin of 2."""
    digits = load_digits()
    images = np.kron(digits.images * 15, np.ones((1, 3, 3))).astype(np.uint8)
    return np.pad(images, ((0, 0), (2, 2), (2, 2))), digits.target


if os.path.isdir(DATA_DIR) or "DATA_DIR" in os.environ:
    print("Fashion-MNIST from", DATA_DIR)
    x_train, y_train = read_idx("train-images-idx3-ubyte"), read_idx("train-labels-idx1-ubyte")
    x_test, y_test = read_idx("t10k-images-idx3-ubyte"), read_idx("t10k-labels-idx1-ubyte")
    # A tenth of the pictures, so that an epoch takes a second.
    x_train, y_train = x_train[:6000], y_train[:6000]
else:
    print("There is no folder", DATA_DIR, "with Fashion-MNIST: training on scikit-learn's digits instead")
    images, labels = draw_digits()
    x_train, x_test = images[:1400], images[1400:]
    y_train, y_test = labels[:1400], labels[1400:]

x_train = x_train[..., np.newaxis] / 255.0
x_test = x_test[..., np.newaxis] / 255.0

model = Sequential()
model.add(Conv2D(16, kernel_size=(3, 3), activation="relu", input_shape=(28, 28, 1)))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Conv2D(16, kernel_size=(3, 3), activation="relu"))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.5))
model.add(Flatten())
model.add(Dense(32, activation="relu"))
model.add(Dense(10, activation="softmax"))

model.compile(
    optimizer=Adam(learning_rate=0.0001),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(x_train, y_train, batch_size=256, epochs=4, validation_split=0.1, verbose=2)

loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print("Test accuracy:", accuracy)

model.save("model.keras")
