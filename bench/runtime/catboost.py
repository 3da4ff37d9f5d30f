# CatBoost: a fit with an evaluation set.
import os
import time

import numpy as np
from catboost import CatBoostClassifier
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X_train, y_train = np.tile(X[:1200], (5, 1)), np.tile(y[:1200], 5)
model = CatBoostClassifier(iterations=20 * int(os.environ["EPOCHS"]), thread_count=1, verbose=0, random_seed=0)
began = time.process_time(), time.perf_counter()
print("begin", flush=True)
model.fit(X_train, y_train, eval_set=(X[1200:], y[1200:]))
print("seconds", time.process_time() - began[0], time.perf_counter() - began[1])
print("result", model.score(X[1200:], y[1200:]), sum(model.get_evals_result()["validation"]["MultiClass"]))
