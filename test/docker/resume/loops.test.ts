import { afterAll, describe, expect, it } from 'vitest'
import { ensureTestImage, imageOrNull, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { epochsOf, expectExact, fixture, resultOf } from '../../helpers/resume.ts'
import { trainingTrial } from '../../helpers/training.ts'

const instance = uniqueInstance()
const image = await ensureTestImage('sklearn')
afterAll(() => removeInstance(instance))

describe('a plain loop that is killed twice comes to the same model', () => {
  it.each([
    ['a network in plain numpy', 'numpy_mlp.py', 8, 21],
    ['partial_fit of scikit-learn, with batches inside', 'partial_fit.py', 8, 22],
    ['closures, early stopping by break, and nothing but Python', 'plain_python.py', 8, 24],
    ['warm_start of scikit-learn, under a bar of tqdm', 'warm_start.py', 8, 23],
    ['lists that grow while they are gone through', 'growing_list.py', 10, 28],
  ])('%s', async (_, script, epochs, seed) => {
    await expectExact({ instance, image, script, epochs, seed })
  })

  it('a script in a folder of the repository', async () => {
    const common = { instance, image, entry: 'src/ml/train.py', epochs: 8, seed: 24 }
    const attempts = await expectExact({ ...common, script: 'plain_python.py' })
    const made = attempts[0]?.events.find(({ type }) => type === 'checkpoint')
    expect(made?.place).toMatch(/^src\/ml\/train\.py:\d+#0/)
  })
})

const keras = await imageOrNull('keras')
const jax = await imageOrNull('jax')

it.skipIf(keras === null)('goes on with a loop of TensorFlow that is written out', async () => {
  await expectExact({ instance, image: keras as string, script: 'tensorflow_loop.py', epochs: 8, seed: 25 })
})

it.skipIf(keras === null)('goes on with train_on_batch of several models', async () => {
  await expectExact({ instance, image: keras as string, script: 'keras_batches.py', epochs: 6, seed: 27 })
})

it.skipIf(jax === null)('goes on with a loop of JAX', async () => {
  await expectExact({ instance, image: jax as string, script: 'jax_loop.py', epochs: 8, seed: 26 })
})

/** The script as it is run by Hone, and by Python alone. */
async function both(files: Record<string, string>) {
  const trial = () => trainingTrial({ instance, image, files })
  const hone = await trial().attempt()
  const plain = await trial().attempt({ plain: true })
  return { hone, plain }
}

describe('a script that Hone runs', () => {
  it('prints and computes what it does without Hone', async () => {
    const text = fixture('numpy_mlp.py').replace(
      'import numpy as np',
      'import numpy as np\n\nnp.random.seed(3)',
    )
    const { hone, plain } = await both({ 'train.py': text })
    expect(resultOf(plain)).toMatch(/^result/)
    expect(hone.lines).toEqual(plain.lines)
  })

  it('shows the same traceback', async () => {
    const helper = 'def learn(x):\n    """Fails."""\n    for epoch in range(3):\n        return 1 / x\n'
    const text = [
      'import helper',
      'def main():',
      '    total = 0',
      '    for epoch in range(5):',
      '        total += 1',
      '        while epoch < 3:',
      '            helper.learn(2 - total)',
      '            break',
      'try:',
      '    for epoch in 5: pass',
      'except TypeError as error:',
      '    import traceback; traceback.print_exc()',
      'main()',
    ].join('\n')
    const { hone, plain } = await both({ 'train.py': text, 'helper.py': helper })
    expect(plain.lines.join('\n')).toContain('ZeroDivisionError')
    expect(hone.lines).toEqual(plain.lines)
    expect(hone.exitCode).toBe(1)
  })

  it('keeps the meaning of break, continue, else, return and of nested loops', async () => {
    const { hone, plain } = await both({ 'train.py': fixture('control_flow.py') })
    expect(plain.lines.at(-1)).toBe('end')
    expect(hone.lines).toEqual(plain.lines)
  })

  it('starts processes and pickles as before', async () => {
    const text = [
      'import multiprocessing as mp, pickle, os',
      'class Model:',
      '    def fit(self):',
      '        for epoch in range(3): self.epoch = epoch',
      '        return self',
      'def work(n):',
      '    for epoch in range(n): pass',
      '    return Model().fit().epoch + n',
      'if __name__ == "__main__":',
      '    for epoch in range(2):',
      '        for method in ("spawn", "fork"):',
      '            with mp.get_context(method).Pool(2) as pool:',
      '                print(pool.map(work, [1, 2, 3]))',
      '    print(pickle.loads(pickle.dumps(Model().fit())).epoch, __file__, __name__, __doc__)',
    ].join('\n')
    const { hone, plain } = await both({ 'train.py': text })
    expect(plain.lines).toHaveLength(5)
    expect(hone.lines).toEqual(plain.lines)
  })
})

describe('a loop that cannot be gone on with', () => {
  it('begins anew when the script has changed what it had before', async () => {
    const text = [
      'import os, time',
      'first = os.environ["HONE_ATTEMPT"] == "1"',
      'state = {"losses": []} if first else "something else"',
      'for epoch in range(6):',
      '    if first: state["losses"].append(epoch)',
      '    time.sleep(0.1)',
      '    print(f"epoch {epoch}")',
    ].join('\n')
    const trial = trainingTrial({ instance, image, files: { 'train.py': text } })
    await trial.attempt({ killAt: (line) => line === 'epoch 3' })
    const { events, lines, exitCode } = await trial.attempt()
    expect(exitCode).toBe(0)
    expect(epochsOf({ lines })).toHaveLength(6)
    expect(events.find(({ code }) => code === 'checkpoint-refused')?.message).toMatch(/__main__/)
  })

  it('begins the script again where a checkpoint can only be put back in part', async () => {
    const text = [
      'import os, random, time',
      'assert "SEEN" not in os.environ',
      'os.environ["SEEN"] = "yes"',
      'os.chdir("/tmp")',
      'class Dice(random.Random):',
      '    def setstate(self, state):',
      '        if os.environ["HONE_ATTEMPT"] == "2": raise ValueError("not today")',
      '        super().setstate(state)',
      'losses, dice, weights = [], Dice(3), [1.0]',
      'for epoch in range(6):',
      '    weights[0] -= 0.1 * dice.random()',
      '    losses.append(weights[0])',
      '    time.sleep(0.1)',
      '    print(f"epoch {epoch}")',
      'print("result", weights, losses)',
    ].join('\n')
    const files = { 'train.py': text }
    const straight = await trainingTrial({ instance, image, files }).attempt()
    const trial = trainingTrial({ instance, image, files })
    await trial.attempt({ killAt: (line) => line === 'epoch 3' })
    const { events, lines, exitCode } = await trial.attempt()
    expect(exitCode).toBe(0)
    expect(epochsOf({ lines })).toHaveLength(6)
    expect(resultOf({ lines })).toBe(resultOf(straight))
    const refused = events.filter(({ code }) => code === 'checkpoint-refused').map(({ message }) => message)
    expect(refused.length).toBeGreaterThan(0)
    for (const message of refused) {
      expect(message).toMatch(/dice: ValueError\('not today'\)\)\. The script begins again without it\.$/)
    }
    expect(events.filter(({ type }) => type === 'resumed')).toEqual([])
    expect(events.filter(({ type }) => type === 'end')).toMatchObject([{ reason: 'finished' }])
  })

  it('says that a generator begins anew', async () => {
    const text = [
      'import time',
      'def numbers():',
      '    n = 0',
      '    while True:',
      '        yield n',
      '        n += 1',
      'stream = numbers()',
      'for epoch in range(6):',
      '    time.sleep(0.1)',
      '    print(f"epoch {epoch} {next(stream)}")',
    ].join('\n')
    const trial = trainingTrial({ instance, image, files: { 'train.py': text } })
    await trial.attempt({ killAt: (line) => line.startsWith('epoch 3') })
    const { events } = await trial.attempt()
    expect(events.find(({ code }) => code === 'resume-inexact')?.message).toMatch(/stream \(a generator\)/)
  })
})
