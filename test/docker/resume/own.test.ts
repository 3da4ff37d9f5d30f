import { afterAll, describe, expect, it } from 'vitest'
import { ensureTestImage, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { epochsOf, fixture, resultOf } from '../../helpers/resume.ts'
import { trainingTrial } from '../../helpers/training.ts'

const instance = uniqueInstance()
const image = await ensureTestImage('pytorch')
afterAll(() => removeInstance(instance))

const files = { 'train.py': fixture('resumes_itself.py') }
/** Three epochs are done, with their checkpoints, and the fourth has begun. */
const killed = { env: { WAIT_IN: '3' }, killAt: (line: string) => line === 'waits for its end' }

describe('a script that keeps checkpoints of its own', () => {
  it('goes on from them, and Hone from none', async () => {
    const trial = trainingTrial({ instance, image, files })
    const first = await trial.attempt(killed)
    const second = await trial.attempt()
    expect(second.exitCode).toBe(0)
    expect(epochsOf(second)[0]).toMatch(/^epoch 3/)
    expect(resultOf(second)).toMatch(/^result 3 /)
    expect(second.events.filter(({ type }) => type === 'resumed')).toMatchObject([
      { by: 'script', why: 'it loads runs/first/last.pt' },
    ])
    expect(second.events.filter(({ type }) => type === 'checkpoint')).toEqual([])
    expect(first.events.filter(({ type }) => type === 'checkpoint').length).toBeGreaterThan(0)
  })

  it('but does not load them is gone on with by Hone, though it reads data that it prepared', async () => {
    const env = { RESUME: '0' }
    const straight = await trainingTrial({ instance, image, files, env }).attempt()
    const trial = trainingTrial({ instance, image, files, env })
    await trial.attempt(killed)
    const second = await trial.attempt()
    expect(second.events.filter(({ type }) => type === 'resumed')).toMatchObject([{ by: 'hone' }])
    expect(resultOf(second)).toBe(resultOf(straight))
    expect(epochsOf(second)).toHaveLength(3)
  })
})
