"""Fashion-MNIST with PyTorch: which of ten kinds of clothes is on a picture of 28x28 pixels."""

import argparse
import gzip
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

# The network is so small that more threads would mostly wait for one another.
torch.set_num_threads(1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3)
        self.conv2 = nn.Conv2d(8, 16, 3)
        self.dropout = nn.Dropout(0.5)
        self.fc1 = nn.Linear(16 * 5 * 5, 32)
        self.fc2 = nn.Linear(32, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(self.dropout(x)))
        return F.log_softmax(self.fc2(x), dim=1)


def read_idx(path):
    """One file of the data set: the sizes of its dimensions come first, 4 bytes each."""
    with gzip.open(path, "rb") as file:
        dimensions = file.read(4)[3]
        shape = np.frombuffer(file.read(4 * dimensions), dtype=">u4")
        return np.frombuffer(file.read(), dtype=np.uint8).reshape(shape)


def fashion_mnist(folder, part, limit):
    images = read_idx(os.path.join(folder, part + "-images-idx3-ubyte.gz"))[:limit]
    labels = read_idx(os.path.join(folder, part + "-labels-idx1-ubyte.gz"))[:limit]
    return to_dataset(images, labels)


def digits():
    """scikit-learn's digits, each of their 8x8 pixels as 3x3, with a margin of 2."""
    bunch = load_digits()
    images = np.kron(bunch.images * 15, np.ones((1, 3, 3)))
    images = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    return to_dataset(images[:1400], bunch.target[:1400]), to_dataset(images[1400:], bunch.target[1400:])


def to_dataset(images, labels):
    x = torch.from_numpy(images.astype(np.float32) / 255).unsqueeze(1)
    x = (x - 0.286) / 0.353  # mean and standard deviation of Fashion-MNIST
    return TensorDataset(x, torch.from_numpy(labels.astype(np.int64)))


def load_data(folder, given, limit):
    if given or os.path.isdir(folder):
        print("Fashion-MNIST from", folder)
        return fashion_mnist(folder, "train", limit), fashion_mnist(folder, "t10k", None)
    print("There is no folder", folder, "with Fashion-MNIST: training on scikit-learn's digits instead")
    return digits()


def train(args, model, device, train_loader, optimizer, epoch):
    model.train()
    for batch_idx, (data, target) in enumerate(train_loader):
        data, target = data.to(device), target.to(device)
        optimizer.zero_grad()
        output = model(data)
        loss = F.nll_loss(output, target)
        loss.backward()
        optimizer.step()
        if batch_idx % args.log_interval == 0:
            done = 100.0 * batch_idx / len(train_loader)
            print(f"Train Epoch: {epoch} [{done:.0f}%]\tLoss: {loss.item():.6f}")


def test(model, device, test_loader):
    model.eval()
    test_loss = 0
    correct = 0
    with torch.no_grad():
        for data, target in test_loader:
            data, target = data.to(device), target.to(device)
            output = model(data)
            test_loss += F.nll_loss(output, target, reduction="sum").item()
            correct += output.argmax(dim=1).eq(target).sum().item()
    total = len(test_loader.dataset)
    percent = 100.0 * correct / total
    print(f"Test set: Average loss: {test_loss / total:.4f}, Accuracy: {correct}/{total} ({percent:.2f}%)")


def main():
    parser = argparse.ArgumentParser(description="Fashion-MNIST with PyTorch")
    parser.add_argument("--data-dir", default=os.environ.get("DATA_DIR"), help="folder with the four .gz files")
    parser.add_argument("--train-images", type=int, default=6000, help="of 60,000, so that an epoch takes seconds")
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--test-batch-size", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--momentum", type=float, default=0.5)
    parser.add_argument("--log-interval", type=int, default=20, help="batches between two lines")
    args = parser.parse_args()

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    folder = args.data_dir or "/data/fashion-mnist"
    train_set, test_set = load_data(folder, args.data_dir is not None, args.train_images)
    train_loader = DataLoader(train_set, batch_size=args.batch_size, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=args.test_batch_size)

    model = Net().to(device)
    optimizer = optim.SGD(model.parameters(), lr=args.lr, momentum=args.momentum)
    for epoch in range(1, args.epochs + 1):
        train(args, model, device, train_loader, optimizer, epoch)
        test(model, device, test_loader)

    torch.save(model.state_dict(), "model.pt")


if __name__ == "__main__":
    main()
