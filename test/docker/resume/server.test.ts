import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CurveView, RunView } from '../../../src/http/contract.ts'
import { pushTo } from '../../helpers/push.ts'
import { type TestServer, testServer } from '../../helpers/server.ts'

const docker = new Docker()
let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.dispose())

/** A framework's training, as the runtime's part for it sees one, that prints nothing itself. */
const framework = `
import os, random, time
sections = __import__("_hone.sections").sections

def fit(epochs, score):
    with sections.section("fit") as section:
        total = 0
        if section.resume:
            total = section.state()["total"]
            section.restored()
        if section.done:
            return total
        for epoch in range(section.index + 1, epochs + 1):
            total += random.random()
            time.sleep(SECONDS)
            metrics = {"accuracy": 0.5, "val_accuracy": score(epoch, total)}
            section.epoch(epoch, metrics, lambda: sections.pickled({"total": total}), total=epochs)
        section.finish(lambda: sections.pickled({"total": total}))
        return total

alpha = 0.5
if os.environ["HONE_TRIAL"] == "0":
    from sklearn.linear_model import SGDClassifier
    SGDClassifier(alpha=alpha).fit([[0], [1]], [0, 1])
`

async function push(
  name: string,
  script: string,
  settings: Record<string, unknown>,
  env = '',
): Promise<number> {
  const project = await server.createProject(name, { confirm: 0, seed: 7, ...settings })
  // Each epoch is saved, however slow the machine is.
  const files = { 'train.py': script, 'hone.yaml': `env:\n  HONE_CHECKPOINT_SHARE: "1"\n${env}` }
  return (await pushTo(project.gitRemote, project.pushToken, files)).runId
}
const curve = async (run: RunView, trial = 0) =>
  (await server.api<CurveView[]>(`/runs/${run.id}/curves`)).find((one) => one.trial === trial)?.points ?? []
const logOf = (attempt: { id: number } | undefined) => server.api<string>(`/attempts/${attempt?.id}/log`)

const EPOCHS = 10
/** After four epochs the first attempt of a run with this waits to be killed. */
const HELD = '  HELD: "1"\n'
const NOTES = `
import os
held = "HELD" in os.environ and os.environ["HONE_ATTEMPT"] == "1"
open("notes.txt", "a").write("begun\\n")
print(len(open("notes.txt").readlines()), "begun")
`
const byFramework = `${framework.replace('SECONDS', '3600 if held and epoch == 5 else 0.6')}${NOTES}
total = fit(${EPOCHS}, lambda epoch, total: total / ${EPOCHS})
print(f"Test accuracy: {total / ${EPOCHS}:.6f}")
`
/** As people write it. */
const plainLoop = `
import time
import numpy as np
from sklearn.linear_model import SGDClassifier
${NOTES}
alpha = 0.5
model = SGDClassifier(alpha=alpha).fit([[0], [1]], [0, 1])

def main():
    weights = np.zeros(5)
    for epoch in range(${EPOCHS}):
        weights += np.random.rand(5)
        val_acc = weights.sum() / 50
        time.sleep(3600 if held and epoch == 4 else 0.6)
    print(f"Test accuracy: {weights.sum() / 50:.6f}")

main()
`

describe.each([
  ["by a framework's loop", byFramework],
  ['by a plain loop', plainLoop],
])('a training %s whose container is killed', (name, script) => {
  const settings = { target: 0, trials: 1 }
  let undisturbed: RunView
  let run: RunView
  beforeAll(async () => {
    undisturbed = await server.ended(await push(`undisturbed-${name.length}`, script, settings))
    const runId = await push(`killed-${name.length}`, script, settings, HELD)
    // Nothing is printed: it is heard from the events, while the training runs.
    const heard = await server.event(
      runId,
      ({ type, data }) =>
        (type === 'metric' && Number(data.step) >= 3) ||
        (type === 'run' && 'conclusion' in data && data.conclusion !== null),
    )
    expect(heard.type).toBe('metric')
    const [attempt] = (await server.run(runId)).trials[0]?.attempts ?? []
    await docker.getContainer(attempt?.container as string).kill()
    run = await server.ended(runId)
  })

  it('goes on from its checkpoint and ends with the metric of one that is not', () => {
    expect(run.best).toBe(undisturbed.best)
    expect(run.state).toBe('succeeded')
    const [first, second] = run.trials[0]?.attempts ?? []
    expect([first?.state, first?.signal, second?.state]).toEqual(['failed', 'SIGKILL', 'succeeded'])
    const saved = first?.report?.checkpoint?.step ?? 0
    expect(saved).toBeGreaterThanOrEqual(2)
    expect(first?.failure?.remedy).toContain(`from its checkpoint after epoch ${saved}`)
    expect(second?.report).toMatchObject({
      resumed: { by: 'hone', attempt: 1, step: saved },
      frameworks: { 'scikit-learn': expect.stringMatching(/^\d/) },
      memory: expect.any(Number),
      end: 'finished',
      last: { name: 'accuracy', split: 'test' },
    })
    expect(first?.report?.last).toMatchObject({ name: 'accuracy', split: 'validation' })
    expect(first?.report?.end).toBeNull()
  })

  it('has each epoch once in its curve, and trained at most one twice', async () => {
    const points = await curve(run)
    expect(points).toEqual(await curve(undisturbed))
    expect(points.map(({ step }) => step)).toEqual(Array.from({ length: EPOCHS }, (_, index) => index + 1))
    const { metrics } = await server.trial(run.trials[0]?.id as number)
    const trained = metrics.filter(
      ({ source, split, step }) => source !== 'log' && split === 'validation' && step !== null,
    )
    expect(trained.length).toBeLessThanOrEqual(EPOCHS + 1)
  })

  it('finds its workspace as it left it', async () => {
    expect((await logOf(run.trials[0]?.attempts[0])).trim()).toBe('1 begun')
    expect(await logOf(run.trials[0]?.attempts[1])).toMatch(/^2 begun\n/)
  })
})

describe('a training that the search gives up', () => {
  // Trial 3 looks bad against those before it, and good against all that follow.
  const script = `${framework.replace('SECONDS', '0.25')}
state = random.getstate()
straight = sum([random.random() for _ in range(9)])
random.setstate(state)
number = int(os.environ["HONE_TRIAL"])
level = [0.5, 0.45, 0.44, 0.4][number] if number < 4 else 0.1 + number / 100
def score(epoch, total):
    print(f"Epoch {epoch}/9 - val_accuracy: {level + epoch / 1000:.4f}")
    return level + epoch / 1000
# No number that the search could change.
print("as straight through:", fit(len("123456789"), score) == straight)
print(f"Test accuracy: {level}")
`

  it('is paused, and goes on from its checkpoint when the pruner lets it live', async () => {
    const settings = { target: 0.9, trials: 9, pruner: 'halving', giveUp: 0 }
    const run = await server.ended(await push('pruned', script, settings))
    const risen = run.trials[3]
    expect(risen).toMatchObject({ state: 'completed', metric: 0.4, pruning: null })
    const [first, second] = risen?.attempts ?? []
    expect([first?.state, first?.exitCode, first?.report?.end]).toEqual(['stopped', 143, 'stopped'])
    const saved = first?.report?.checkpoint?.step ?? 0
    expect(saved).toBeGreaterThanOrEqual(1)
    expect(second).toMatchObject({
      number: 2,
      state: 'succeeded',
      report: { resumed: { by: 'hone', attempt: 1, step: saved } },
    })
    const log = await logOf(second)
    expect(log).toMatch(new RegExp(`^Epoch ${saved + 1}/9`))
    expect(log).toContain('as straight through: True')
    expect((await curve(run, 3)).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})
