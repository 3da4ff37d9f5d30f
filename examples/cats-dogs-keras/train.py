"""Cats and dogs with Keras: a small convolutional network on folders of pictures."""

import os
import tempfile

import numpy as np
from tensorflow.keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from tensorflow.keras.models import Sequential
from tensorflow.keras.preprocessing.image import ImageDataGenerator
from tensorflow.keras.utils import save_img

DATA_DIR = os.environ.get("DATA_DIR", "/data/cats-dogs")


def draw_pictures(folder):
    """Striped cats and dotted dogs, in noise."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:32, 0:32]
    for part, count in [("training_set", 600), ("test_set", 200)]:
        for kind in ["cats", "dogs"]:
            os.makedirs(os.path.join(folder, part, kind))
            for number in range(count):
                angle, width, start = rng.uniform(0, np.pi), rng.uniform(0.8, 1.3), rng.uniform(0, 6, 2)
                across = np.sin(width * (x * np.cos(angle) + y * np.sin(angle)) + start[0])
                along = np.sin(width * (y * np.cos(angle) - x * np.sin(angle)) + start[1])
                fur = across if kind == "cats" else across * along
                picture = 128 + 60 * fur[..., np.newaxis] + rng.normal(0, 30, (32, 32, 3))
                save_img(os.path.join(folder, part, kind, f"{number:04}.png"), picture.clip(0, 255), scale=False)


folder = DATA_DIR
if os.path.isdir(DATA_DIR) or "DATA_DIR" in os.environ:
    print("Cats and dogs from", DATA_DIR)
else:
    print("There is no folder", DATA_DIR, "with cats and dogs: training on drawn ones instead")
    folder = tempfile.mkdtemp()
    draw_pictures(folder)

train_datagen = ImageDataGenerator(rescale=1.0 / 255, horizontal_flip=True)
test_datagen = ImageDataGenerator(rescale=1.0 / 255)
training_set = train_datagen.flow_from_directory(
    os.path.join(folder, "training_set"), target_size=(32, 32), batch_size=128, class_mode="binary"
)
test_set = test_datagen.flow_from_directory(
    os.path.join(folder, "test_set"), target_size=(32, 32), batch_size=128, class_mode="binary"
)

classifier = Sequential()
classifier.add(Conv2D(64, (3, 3), input_shape=(32, 32, 3), activation="relu"))
classifier.add(MaxPooling2D(pool_size=(2, 2)))
classifier.add(Conv2D(32, (3, 3), activation="relu"))
classifier.add(MaxPooling2D(pool_size=(2, 2)))
classifier.add(Flatten())
classifier.add(Dense(units=32, activation="relu"))
classifier.add(Dense(units=1, activation="sigmoid"))

classifier.compile(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"])
classifier.fit(training_set, epochs=2, validation_data=test_set, verbose=2)

classifier.save("classifier.keras")
