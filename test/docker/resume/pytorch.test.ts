import { afterAll, describe, it } from 'vitest'
import { ensureTestImage, removeInstance, uniqueInstance } from '../../helpers/docker.ts'
import { expectExact } from '../../helpers/resume.ts'

const instance = uniqueInstance()
const image = await ensureTestImage('pytorch')
afterAll(() => removeInstance(instance))

describe('a plain loop of PyTorch that is killed twice', () => {
  it.each([['at the level of the module', 'module.py', 8, 11]])('%s', async (_, script, epochs, seed) => {
    await expectExact({ instance, image, script, epochs, seed })
  })
})
