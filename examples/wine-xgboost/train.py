"""White wine with XGBoost: is it a good one, by what the laboratory measured?"""

import os

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

DATA_DIR = os.environ.get("DATA_DIR", "/data/wine-quality")
COLUMNS = [
    "fixed acidity",
    "volatile acidity",
    "citric acid",
    "residual sugar",
    "chlorides",
    "free sulfur dioxide",
    "total sulfur dioxide",
    "density",
    "pH",
    "sulphates",
    "alcohol",
]


def make_up_wines():
    """Rows of the same shape, whose quality depends on some of the columns together."""
    rng = np.random.default_rng(1)
    wines = pd.DataFrame(rng.normal(size=(3000, len(COLUMNS))), columns=COLUMNS)
    taste = wines["alcohol"] - wines["volatile acidity"] + 1.5 * wines["pH"] * wines["residual sugar"]
    noise = rng.normal(size=len(wines))
    wines["quality"] = (6 + taste + noise).round().clip(3, 9)
    return wines


if os.path.isdir(DATA_DIR) or "DATA_DIR" in os.environ:
    print("Wines from", DATA_DIR)
    wines = pd.read_csv(os.path.join(DATA_DIR, "wine-quality.csv"), sep=None, engine="python")
else:
    print("There is no folder", DATA_DIR, "with wines: training on made up ones instead")
    wines = make_up_wines()

X = wines.drop(columns="quality")
y = (wines["quality"] >= 6).astype(int)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=7, stratify=y)
X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.2, random_state=7, stratify=y_train)

model = XGBClassifier(
    n_estimators=50,
    max_depth=2,
    learning_rate=0.01,
    subsample=0.5,
    eval_metric="error",
    n_jobs=1,  # the table is so small that more threads would mostly wait for one another
)
model.fit(X_train, y_train, eval_set=[(X_val, y_val)], verbose=10)

accuracy = accuracy_score(y_test, model.predict(X_test))
print(f"Test accuracy: {accuracy:.4f}")

model.save_model("model.json")
