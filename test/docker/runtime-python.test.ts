import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../src/paths.ts'
import { ensureTestImage, removeInstance, uniqueInstance } from '../helpers/docker.ts'
import { trainingTrial } from '../helpers/training.ts'

const instance = uniqueInstance()
let image: string
beforeAll(async () => {
  image = await ensureTestImage('base')
})
afterAll(() => removeInstance(instance))

const python = (name: string) => readFileSync(join(packageRoot, 'test', 'runtime', name), 'utf8')
const run = (files: Record<string, string>, ...command: string[]) =>
  trainingTrial({ instance, image, files, command }).attempt()

describe('the runtime in Python', () => {
  it.each([
    ['decides from which checkpoints an attempt goes on', 'plan_test.py'],
    ['ends no training of trees when something of its own fails', 'boosting_test.py'],
    ['removes what a Trainer wrote only once it goes on', 'transformers_test.py'],
    ['knows the names that a function binds', 'rewrite_test.py'],
  ])('%s', async (_, name) => {
    const { lines, exitCode } = await run({ [name]: python(name) }, name)
    expect({ exitCode, lines }).toMatchObject({ exitCode: 0, lines: expect.arrayContaining(['OK']) })
  })

  it('leaves nothing that looks like a checkpoint when its removal is cut off', async () => {
    const files = { 'checkpoints_test.py': python('checkpoints_test.py') }
    const { lines, exitCode } = await run(files, 'checkpoints_test.py')
    expect({ exitCode, lines }).toMatchObject({ exitCode: 0, lines: expect.arrayContaining(['OK']) })
  })

  it('has nothing that Python 3.8 does not know, and imports its standard library only', async () => {
    const { lines } = await run({ 'look.py': python('python38.py') }, 'look.py', '/opt/hone')
    expect(lines).toEqual(['looked through'])
  })

  it('is seen through when something is newer', async () => {
    const files = {
      'look.py': python('python38.py'),
      'new/a.py': 'import numpy\n"x".removeprefix("y")\nzip([], [], strict=True)\n',
      'new/b.py': 'match 1:\n    case 1:\n        pass\n',
    }
    const { lines } = await run(files, 'look.py', 'new')
    expect(lines).toEqual([
      'a.py:1: import numpy',
      'a.py:2: removeprefix',
      'a.py:3: zip(strict=...)',
      'b.py:3: Pattern matching is only supported in Python 3.10 and greater',
      'looked through',
    ])
  })
})
