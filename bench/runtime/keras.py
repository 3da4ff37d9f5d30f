# Keras: a Sequential with fit.
import os
import time

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models

tf.keras.utils.set_random_seed(0)
X = np.random.rand(6000, 28, 28, 1).astype("float32")
y = (X[:, :14].mean((1, 2, 3)) * 40).astype("int") % 10
model = models.Sequential()
model.add(layers.Conv2D(8, 3, activation="relu", input_shape=(28, 28, 1)))
model.add(layers.MaxPooling2D())
model.add(layers.Flatten())
model.add(layers.Dropout(0.2))
model.add(layers.Dense(10, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
began = time.process_time(), time.perf_counter()
print("begin", flush=True)
history = model.fit(X, y, epochs=int(os.environ["EPOCHS"]), batch_size=64, validation_split=0.2, verbose=0)
print("seconds", time.process_time() - began[0], time.perf_counter() - began[1])
print("result", history.history["val_accuracy"], sum(float(w.sum()) for w in model.get_weights()))
