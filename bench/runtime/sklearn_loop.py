# scikit-learn: a loop of partial_fit.
import os
import time

import numpy as np
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

X, y = load_digits(return_X_y=True)
X, y = np.tile(X / 16, (10, 1)), np.tile(y, 10)
model = MLPClassifier((128,), random_state=0)
began = time.process_time(), time.perf_counter()
print("begin", flush=True)
for epoch in range(int(os.environ["EPOCHS"])):
    order = np.random.RandomState(epoch).permutation(len(X))
    model.partial_fit(X[order], y[order], classes=range(10))
    accuracy = model.score(X[:500], y[:500])
print("seconds", time.process_time() - began[0], time.perf_counter() - began[1])
print("result", accuracy, sum(w.sum() for w in model.coefs_))
