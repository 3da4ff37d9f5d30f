# PyTorch: a plain loop over epochs and batches.
import os
import time

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.rand(6000, 1, 28, 28)
y = (X[:, 0, :14].mean((1, 2)) * 40).long() % 10
train_loader = DataLoader(TensorDataset(X[:5000], y[:5000]), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.2), nn.Linear(1352, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()
began = time.process_time(), time.perf_counter()
print("begin", flush=True)
for epoch in range(int(os.environ["EPOCHS"])):
    model.train()
    for images, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        val_accuracy = (model(X[5000:]).argmax(1) == y[5000:]).float().mean().item()
print("seconds", time.process_time() - began[0], time.perf_counter() - began[1])
print("result", val_accuracy, sum(one.double().sum().item() for one in model.parameters()))
