# LightGBM: a fit that samples rows and columns, with an evaluation set.
import os
import time

import lightgbm as lgb
import numpy as np
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X_train, y_train = np.tile(X[:1200], (15, 1)), np.tile(y[:1200], 15)
sampled = {"subsample": 0.8, "subsample_freq": 1, "colsample_bytree": 0.8}
model = lgb.LGBMClassifier(n_estimators=10 * int(os.environ["EPOCHS"]), n_jobs=1, verbose=-1, **sampled)
began = time.process_time(), time.perf_counter()
print("begin", flush=True)
model.fit(X_train, y_train, eval_set=[(X[1200:], y[1200:])])
print("seconds", time.process_time() - began[0], time.perf_counter() - began[1])
print("result", model.score(X[1200:], y[1200:]), sum(model.evals_result_["valid_0"]["multi_logloss"]))
