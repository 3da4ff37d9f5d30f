import { afterAll, describe, expect, it } from 'vitest'
import { curveOf } from '../../../src/metrics/curve.ts'
import { decideObjective } from '../../../src/metrics/decide.ts'
import { parseEvents } from '../../../src/metrics/events.ts'
import { createLogReader } from '../../../src/metrics/log-lines.ts'
import { imageOrNull, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { trainingTrial } from '../../helpers/training.ts'

const instance = uniqueInstance()
const image = await imageOrNull('keras')
afterAll(() => removeInstance(instance))

/** As tutorials write it; what follows `fit` differs. */
const script = (rest: string, verbose: number) => `
import numpy as np
from tensorflow import keras

rng = np.random.default_rng(0)
x = rng.random((300, 8)).astype("float32")
y = (x.sum(axis=1) > 4).astype("int64")
model = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(8, activation="relu"),
                          keras.layers.Dense(2, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[:200], y[:200], epochs=3, validation_data=(x[200:250], y[200:250]), verbose=${verbose})
${rest}
`

/** All that one training says, as a server reads it. */
async function heard(rest: string, verbose: number) {
  const trial = trainingTrial({
    instance,
    image: image as string,
    files: { 'train.py': script(rest, verbose) },
  })
  const { lines, events, exitCode } = await trial.attempt()
  expect(exitCode).toBe(0)
  const reader = createLogReader('accuracy')
  const log = lines.flatMap((line, index) => reader.read(line, index + 1))
  const parsed = parseEvents(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  expect(parsed.badLines).toBe(0)
  const metrics = [...log, ...parsed.metrics]
  return { log, events: parsed.metrics, metrics, outcome: decideObjective(metrics, { metric: 'accuracy' }) }
}

describe.skipIf(image === null)('what Keras prints and what it reports are one metric', () => {
  it.each([0, 1])('with an evaluation that is printed too (verbose=%i)', async (verbose) => {
    const rest = [
      `loss, accuracy = model.evaluate(x[250:], y[250:], verbose=${verbose})`,
      'print(f"Test accuracy: {accuracy:.2f}")',
    ].join('\n')
    const { log, events, outcome } = await heard(rest, verbose)
    const printed = log.find(({ evidence }) => evidence.startsWith('Test accuracy'))
    const evaluated = events.find(
      ({ name, split, step }) => name === 'accuracy' && split === 'test' && step === null,
    )
    expect(evaluated?.value).toBeCloseTo(printed?.value as number, 2)
    expect(outcome).toMatchObject({ metric: { split: 'test', step: null } })
    if ('metric' in outcome) expect(outcome.metric.value).toBeCloseTo(evaluated?.value as number, 2)
  })

  it.each([2])('without one: the last epoch counts, with all its digits (verbose=%i)', async (verbose) => {
    const { events, metrics, outcome } = await heard('', verbose)
    const last = events.findLast(({ split, name }) => split === 'validation' && name === 'accuracy')
    expect(last?.step).toBe(3)
    expect(outcome).toMatchObject({ metric: { split: 'validation', value: last?.value } })
    expect(curveOf(metrics, { metric: 'accuracy' }).map(({ step }) => step)).toEqual([1, 2, 3])
  })
})
