# transformers: a small BERT with a Trainer, evaluated each epoch.
import os
import time

import numpy as np
import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments, set_seed

set_seed(0)
ids = np.random.default_rng(0).integers(5, 60, size=(900, 24))
labels = ((ids > 40).sum(1) > 7).astype(int)
rows = [{"input_ids": torch.tensor(one), "labels": int(label)} for one, label in zip(ids, labels)]
sizes = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 96}
model = BertForSequenceClassification(BertConfig(vocab_size=64, num_labels=2, **sizes))
arguments = TrainingArguments(
    output_dir="/tmp/out",
    num_train_epochs=int(os.environ["EPOCHS"]),
    per_device_train_batch_size=32,
    eval_strategy="epoch",
    save_strategy="no",
    report_to="none",
    disable_tqdm=True,
    use_cpu=True,
)
trainer = Trainer(model=model, args=arguments, train_dataset=rows[:800], eval_dataset=rows[800:])
began = time.process_time(), time.perf_counter()
print("begin", flush=True)
trainer.train()
print("seconds", time.process_time() - began[0], time.perf_counter() - began[1])
print("result", sum(one.double().sum().item() for one in model.parameters()))
