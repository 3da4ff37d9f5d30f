"""Trains, and prints 200,000 lines a second for a minute, one of them a metric."""

from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

import noise

X, y = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=200)
model.fit(X, y)
noise.flood(60)
