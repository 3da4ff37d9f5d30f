import { afterAll, describe, expect, it } from 'vitest'
import { ensureTestImage, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { trainingTrial } from '../../helpers/training.ts'

const instance = uniqueInstance()
const image = await ensureTestImage('sklearn')
afterAll(() => removeInstance(instance))
const trial = (text: string) => trainingTrial({ instance, image, files: { 'train.py': text } })

describe('in its child processes a training', () => {
  it('runs loops that joblib hands over by their code', async () => {
    const text = [
      'from joblib import Parallel, delayed',
      'def train_fold(fold):',
      '    total, epoch = 0, 0',
      '    for step in range(3): total += train_fold.__name__ == "train_fold"',
      '    for epoch in range(2): total += fold',
      '    while epoch < 4: epoch += 1',
      '    return total + epoch',
      'print(Parallel(n_jobs=2)(delayed(train_fold)(fold) for fold in range(3)))',
    ].join('\n')
    const { lines, exitCode } = await trial(text).attempt()
    expect(lines).toEqual(['[7, 9, 11]'])
    expect(exitCode).toBe(0)
  })

  it('ends one at once that is terminated while no Python code runs in it', async () => {
    const text = [
      'import collections, itertools, multiprocessing as mp, os',
      'read, write = os.pipe()',
      'def work():',
      '    told = map(os.write, [write], [b"begun"])',
      '    collections.deque(itertools.chain(told, itertools.repeat(0)), maxlen=0)',
      'child = mp.get_context("fork").Process(target=work)',
      'child.start()',
      'os.read(read, 5)',
      'child.terminate()',
      'child.join(20)',
      'print(child.exitcode)',
      'child.kill()',
    ].join('\n')
    const { lines } = await trial(text).attempt()
    expect(lines).toEqual(['-15'])
  })
})

describe('a training goes on', () => {
  it('when HONE_CHECKPOINT_SHARE is not a number, which is said', async () => {
    const { events, exitCode } = await trial('for epoch in range(3): print(epoch)').attempt({
      env: { HONE_CHECKPOINT_SHARE: '5%' },
    })
    expect(exitCode).toBe(0)
    expect(events.filter(({ code }) => code === 'checkpoint-share').map(({ message }) => message)).toEqual([
      "HONE_CHECKPOINT_SHARE is '5%' and not a number above 0: checkpoints take at most 0.05 of the time.",
    ])
    expect(events.some(({ type }) => type === 'checkpoint')).toBe(true)
  })

  it('when what keeps its loops cannot be loaded, which is said once', async () => {
    const text = [
      'import sys',
      'sys.modules["_hone.loops"] = None',
      'for epoch in range(2): print(epoch)',
      'while epoch < 3: epoch += 1',
      'print("end", epoch)',
    ].join('\n')
    const { lines, exitCode } = await trial(text).attempt()
    expect(exitCode).toBe(0)
    const said = /^\[hone\] The runtime could not record something; the training goes on: /
    expect(lines.filter((line) => !said.test(line))).toEqual(['0', '1', 'end 3'])
    expect(lines.filter((line) => said.test(line))).toHaveLength(1)
  })
})

/** Says when something is freed, and what has become of an attribute. */
const memory = `
import time
import weakref


class Item:
    pass


def load(name):
    items = [Item()]
    weakref.finalize(items[0], print, "freed", name).atexit = False
    return items


def main():
    box = Item()
    box.other = Item()
    table = {"rows": load("rows")}
    batches = load("first batches")
    for epoch in load("iterable") * 4:
        epoch = None
        batches, table["rows"] = load("batches"), None
        time.sleep(0.1)
        print("epoch", box.other)
        box.other = None
    print("after")


main()
print("end")
`

describe('what a script gives up', () => {
  it('is freed at the first checkpoint, after each epoch, and after the loop', async () => {
    const { lines } = await trial(memory).attempt()
    const epoch = ['freed batches', 'epoch None']
    expect(lines.slice(1)).toEqual([
      ...['freed first batches', 'freed rows', ...epoch, ...epoch, ...epoch],
      ...['freed iterable', 'after', 'freed batches', 'end'],
    ])
  })

  it('is not taken for what was there when the loop began', async () => {
    const killed = trial(memory)
    await killed.attempt({
      killAt: (_, lines) => lines.filter((line) => line.startsWith('epoch')).length === 3,
    })
    const { lines, events } = await killed.attempt()
    expect(events.some(({ type }) => type === 'resumed')).toBe(true)
    expect(new Set(lines.filter((line) => line.startsWith('epoch')))).toEqual(new Set(['epoch None']))
  })
})

it('is not confused by a checkpoint whose removal was cut off', async () => {
  const text = [
    'import os, shutil',
    'remove = shutil.rmtree',
    'def cut_off(path, **options):',
    '    if not os.path.isdir(path): return',
    '    if os.environ["HONE_ATTEMPT"] != "1": return remove(path, **options)',
    '    os.remove(os.path.join(path, "manifest.json"))',
    '    os._exit(9)',
    'shutil.rmtree = cut_off',
    'for epoch in range(9): print(epoch)',
  ].join('\n')
  const cut = trial(text)
  expect((await cut.attempt()).exitCode).toBe(9)
  const { events, exitCode } = await cut.attempt()
  expect(exitCode).toBe(0)
  expect(events.some(({ type }) => type === 'resumed')).toBe(true)
  expect(events.filter(({ type }) => type === 'warning')).toEqual([])
  expect((await cut.list('/checkpoints/hone')).filter((path) => path.includes('.part'))).toEqual([])
})
