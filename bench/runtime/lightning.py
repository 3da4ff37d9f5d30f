# Lightning: a module with a Trainer.
import os
import time

import lightning as L
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Model(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10))

    def training_step(self, batch, index):
        loss = nn.functional.cross_entropy(self.net(batch[0]), batch[1])
        self.log("train_loss", loss, on_epoch=True, on_step=False)
        return loss

    def validation_step(self, batch, index):
        self.log("val_acc", (self.net(batch[0]).argmax(1) == batch[1]).float().mean())

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=1e-3)


L.seed_everything(0)
X = torch.rand(12000, 784)
y = (X[:, :392].mean(1) * 40).long() % 10
train = DataLoader(TensorDataset(X[:10000], y[:10000]), batch_size=64, shuffle=True)
valid = DataLoader(TensorDataset(X[10000:], y[10000:]), batch_size=500)
model = Model()
quiet = {"enable_progress_bar": False, "enable_model_summary": False, "logger": False, "enable_checkpointing": False}
trainer = L.Trainer(max_epochs=int(os.environ["EPOCHS"]), accelerator="cpu", **quiet)
began = time.process_time(), time.perf_counter()
print("begin", flush=True)
trainer.fit(model, train, valid)
print("seconds", time.process_time() - began[0], time.perf_counter() - began[1])
print("result", trainer.callback_metrics["val_acc"].item(), sum(one.double().sum().item() for one in model.parameters()))
