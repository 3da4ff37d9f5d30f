"""Handwritten digits with PyTorch: a small convolutional network on 8x8 images."""

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 6
BATCH_SIZE = 128
LEARNING_RATE = 0.002
MOMENTUM = 0.5
HIDDEN_SIZE = 32
SEED = 7

np.random.seed(SEED)
torch.manual_seed(SEED)
torch.set_num_threads(1)


def load_data():
    digits = load_digits()
    images = (digits.images / 16.0).astype(np.float32)[:, np.newaxis]
    x_train, x_test, y_train, y_test = train_test_split(
        images, digits.target, test_size=0.3, random_state=7, stratify=digits.target
    )
    x_val, x_test, y_val, y_test = train_test_split(
        x_test, y_test, test_size=0.5, random_state=7, stratify=y_test
    )
    return [
        TensorDataset(torch.from_numpy(x), torch.from_numpy(y))
        for x, y in [(x_train, y_train), (x_val, y_val), (x_test, y_test)]
    ]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, kernel_size=3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, kernel_size=3, padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(32 * 2 * 2, HIDDEN_SIZE),
            nn.ReLU(),
            nn.Linear(HIDDEN_SIZE, 10),
        )

    def forward(self, x):
        return self.layers(x)


def accuracy(model, loader):
    model.eval()
    right = total = 0
    with torch.no_grad():
        for images, labels in loader:
            right += (model(images).argmax(dim=1) == labels).sum().item()
            total += len(labels)
    return right / total


def main():
    train_set, val_set, test_set = load_data()
    train_loader = DataLoader(train_set, batch_size=BATCH_SIZE, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=512)
    test_loader = DataLoader(test_set, batch_size=512)

    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)
    criterion = nn.CrossEntropyLoss()

    for epoch in range(EPOCHS):
        model.train()
        total_loss = 0.0
        for images, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()
            total_loss += loss.item() * len(labels)
        val_accuracy = accuracy(model, val_loader)
        train_loss = total_loss / len(train_set)
        print(f"Epoch {epoch + 1}/{EPOCHS} - loss: {train_loss:.4f} - val_accuracy: {val_accuracy:.4f}", flush=True)

    print(f"Test accuracy: {accuracy(model, test_loader):.4f}")
    torch.save(model.state_dict(), "model.pt")


if __name__ == "__main__":
    main()
