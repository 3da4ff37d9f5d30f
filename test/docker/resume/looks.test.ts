import { afterAll, expect, it } from 'vitest'
import { ensureTestImage, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { trainingTrial } from '../../helpers/training.ts'

const instance = uniqueInstance()
const image = await ensureTestImage('base')
afterAll(() => removeInstance(instance))

/** Each loop with what it is to be taken for. */
const sample = `
for epoch in range(10): pass                                  # epoch
for ep in tqdm(range(args.n_epochs)): pass                    # epoch
while epoch < EPOCHS: epoch += 1                              # epoch
for it in range(max_iters): work(it)                          # training
for i in range(10): optimizer.step()                          # training
for i in range(10): one_round(i)                              # training
for name, model in models.items(): model.fit(x, y)            # training
for i in range(10): booster.update(data, i)                   # training
for i in range(10): w -= lr * gradient(w)                     # training
for i in range(10): w = w - learning_rate * gradient(w)       # training
for fold in folds: trainer.train_model(fold)                  # training
while not converged: train(model)                             # training
for i in range(steps_per_epoch): print(i)                     # none
for name in names: seen.update(name)                          # none
for model in models: model.train()                            # none
for x in data: total += x * 2                                 # none
for line in open("f"): print(line)                            # none

def one_round(i):
    helper(i)

def helper(i):
    loss(i).backward()

class Net:
    def forward(self, x):
        for step in range(3): self.cell.step(x)               # never
    def run(self):
        for i in range(3): self.fit(i)                        # training

def batches():
    for epoch in range(3): yield epoch                        # never

@tf.function
def compiled():
    for epoch in range(3): step(epoch)                        # never

def fast():
    for epoch in range(3): step(epoch)                        # never
fast = njit(fast)

def diffuse(x, n_iter):
    for _ in range(n_iter): x = torch.tanh(x)                 # none
    return x

def kmeans(x, n_iter):
    for _ in range(n_iter):                                   # training
        if np.allclose(assign(x), x): break

def logistic(w, n_iter):
    for _ in range(n_iter): w -= 0.1 * gradient(w)            # training

def learn_all(rounds):
    for _ in range(rounds): work()                            # training

class Cell(nn.Module):
    def forward(self, x):
        return unroll(self, x)
    def more(self, x):
        for t in range(self.steps): x = self.cell.step(x)     # none
        for t in range(self.rounds): print(x)                 # none
    def fit(self, x):
        for t in range(self.steps): self.optimizer.step()     # training
        for t in range(self.steps): self.one(x)               # training
    def improve(self, x):
        for t in range(self.steps): self.one(x)               # training
        for epoch in range(3): print(x)                       # epoch
    def one(self, x):
        self.scaler.step(self.opt)

class Deep(Cell):
    def run(self, x):
        for i in range(self.iters): print(self(x))            # none

def unroll(cell, x):
    for step in range(cell.steps): x = cell.step(x); print(x) # none
    return deeper(x)

def deeper(x):
    while x.steps < 3: x = update_state(x)                    # none
`
const script = `
import ast
from _hone import rewrite
source = open("sample.py").read()
tree = rewrite.rewritten(ast.parse(source), "sample.py")
found = {}
for node in ast.walk(tree):
    if isinstance(node, ast.Call) and getattr(getattr(node.func, "value", None), "id", "") == "__hone__":
        place, is_epoch, _ = node.args[0].value
        found[int(place.split(":")[1])] = "epoch" if is_epoch else "training"
for number, line in enumerate(source.splitlines(), 1):
    if "  # " in line:
        wanted = line.rpartition("# ")[2].replace("never", "none")
        if found.get(number, "none") != wanted:
            print(line.strip(), "is taken for", found.get(number, "none"))
print("looked at", sum("  # " in line for line in source.splitlines()))
`

it('knows the loops that train', async () => {
  const { lines } = await trainingTrial({
    instance,
    image,
    files: { 'train.py': script, 'sample.py': sample },
  }).attempt()
  expect(lines).toEqual(['looked at 34'])
})
