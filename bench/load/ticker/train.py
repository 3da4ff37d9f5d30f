"""Trains, and prints one line a second with the time at which it was printed."""

import time

from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

X, y = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=200)
model.fit(X, y)

for tick in range(600):
    time.sleep(1 - time.time() % 1)
    print(f"tick {tick} {time.time():.6f}", flush=True)
print(f"Test accuracy: {model.score(X, y):.4f}")
