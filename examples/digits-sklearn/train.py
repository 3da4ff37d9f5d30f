"""Handwritten digits with scikit-learn: a small neural network on 8x8 images."""

import joblib
from sklearn.datasets import load_digits
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

digits = load_digits()
X = digits.data / 16.0
y = digits.target

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=7, stratify=y)

model = MLPClassifier(
    hidden_layer_sizes=(24,),
    batch_size=200,
    learning_rate_init=0.0001,
    max_iter=50,
)
model.fit(X_train, y_train)

accuracy = accuracy_score(y_test, model.predict(X_test))
print(f"Test accuracy: {accuracy:.4f}")

joblib.dump(model, "model.joblib")
