# XGBoost: a fit that samples rows and columns, with an evaluation set.
import os
import time

import numpy as np
import xgboost as xgb
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X_train, y_train = np.tile(X[:1200], (15, 1)), np.tile(y[:1200], 15)
model = xgb.XGBClassifier(n_estimators=10 * int(os.environ["EPOCHS"]), subsample=0.8, colsample_bytree=0.8, n_jobs=1)
began = time.process_time(), time.perf_counter()
print("begin", flush=True)
model.fit(X_train, y_train, eval_set=[(X[1200:], y[1200:])], verbose=False)
print("seconds", time.process_time() - began[0], time.perf_counter() - began[1])
print("result", model.score(X[1200:], y[1200:]), sum(model.evals_result()["validation_0"]["mlogloss"]))
