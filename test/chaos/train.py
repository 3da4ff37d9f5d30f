"""A training in plain Python: it approaches 1, by chance that only its seed decides."""
import os
import random
import time

EPOCHS = 5
LEARNING_RATE = 0.01

random.seed(int(os.environ.get("HONE_SEED", "0")))
weight, seen = 0.0, []
for epoch in range(EPOCHS):
    for step in range(20):
        weight += LEARNING_RATE * random.random() * (1 - weight)
        time.sleep(0.005)
    # Enough of it that a checkpoint takes a moment.
    seen += [random.random() for _ in range(20_000)]
    print(f"Epoch {epoch + 1}/{EPOCHS}: loss={1 - weight:.6f} val_accuracy={weight:.6f}")
print(f"Test accuracy: {weight:.6f}")
time.sleep(0.1)
