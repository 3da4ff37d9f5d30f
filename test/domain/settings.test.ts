import { describe, expect, test } from 'vitest'
import {
  defaultSettings,
  isBetter,
  meetsTarget,
  parseSize,
  RepositorySettings,
  resolveSettings,
  Settings,
  withinProject,
} from '../../src/domain/settings.ts'

describe('parseSize', () => {
  test.each([
    ['1', 1],
    ['512b', 512],
    ['4k', 4096],
    ['4K', 4096],
    ['512m', 512 * 1024 ** 2],
    ['1.5g', 1.5 * 1024 ** 3],
    ['1.5GiB', 1.5 * 1024 ** 3],
    ['2 GB', 2 * 1024 ** 3],
    [' 1t ', 1024 ** 4],
    [1024, 1024],
  ])('%j is %i bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  test.each([
    '',
    'g',
    '4x',
    '-1g',
    '1e3',
    '1,5g',
    '4 g b',
    '4i',
    '0',
    '0g',
    '0.0001b',
    '9999999t',
    0,
    -1,
    1.5,
    Number.NaN,
    Infinity,
  ])('%j is none', (text) => {
    expect(parseSize(text)).toBeNull()
  })
})

describe('resolveSettings', () => {
  test('the later layers win, and what none sets has its default', () => {
    const settings = resolveSettings({ target: 0.9, trials: 5 }, { target: 0.95 }, undefined, { seed: 7 })
    expect(settings).toEqual({ ...defaultSettings, target: 0.95, trials: 5, seed: 7 })
  })

  test('what a layer leaves undefined does not undo a former one', () => {
    expect(resolveSettings({ memory: '4g' }, { memory: undefined }).memory).toBe('4g')
  })

  test('what only hone.yaml knows is passed over', () => {
    expect(resolveSettings({ entry: 'train.py' } as object)).toEqual(defaultSettings)
  })

  test.each([
    { trials: 0 },
    { trials: 1.5 },
    { target: Number.NaN },
    { direction: 'up' },
    { memory: '4 cows' },
    { timeLimit: 0 },
    { mail: ['not an address'] },
    { branches: [] },
    { seed: -1 },
    { metric: '' },
  ])('refuses %j', (layer) => {
    expect(() => resolveSettings(layer as object)).toThrow()
  })
})

test('a project may not set what Hone does not know', () => {
  expect(Settings.partial().safeParse({ tarjet: 1 }).success).toBe(false)
})

describe('hone.yaml', () => {
  test('may say how to train', () => {
    const said = { entry: 'train.py', args: ['--epochs', 3], env: { SEED: 1, DEBUG: true }, target: 0.9 }
    expect(RepositorySettings.parse(said)).toEqual({
      entry: 'train.py',
      args: ['--epochs', '3'],
      env: { SEED: '1', DEBUG: 'true' },
      target: 0.9,
    })
  })

  test.each([
    { mail: ['a@example.org'] },
    { branches: ['x'] },
    { cancelRunning: true },
    { logLimit: '1t' },
    { lfs: true },
  ])('may not say %j', (said) => {
    expect(RepositorySettings.safeParse(said).success).toBe(false)
  })

  test('may not name a variable that is none', () => {
    expect(RepositorySettings.safeParse({ env: { 'A=B': '1' } }).success).toBe(false)
  })
})

describe('the target', () => {
  test('is met from the value itself on, in its direction', () => {
    expect([0.79, 0.8, 0.81].map((v) => meetsTarget(v, { target: 0.8, direction: 'maximize' }))).toEqual([
      false,
      true,
      true,
    ])
    expect([0.79, 0.8, 0.81].map((v) => meetsTarget(v, { target: 0.8, direction: 'minimize' }))).toEqual([
      true,
      true,
      false,
    ])
    expect(meetsTarget(Number.NaN, { target: 0.8, direction: 'minimize' })).toBe(false)
  })

  test('isBetter wants more, or less', () => {
    expect([isBetter(2, 1, 'maximize'), isBetter(1, 2, 'maximize'), isBetter(1, 1, 'maximize')]).toEqual([
      true,
      false,
      false,
    ])
    expect([isBetter(1, 2, 'minimize'), isBetter(2, 1, 'minimize'), isBetter(-9, null, 'maximize')]).toEqual([
      true,
      false,
      true,
    ])
  })
})

describe("hone.yaml within its project's limits", () => {
  const project = { network: false, memory: '2g', cpus: 2, timeLimit: 30, runTimeLimit: 60 }

  test('may lower them', () => {
    const own = { memory: '1g', cpus: 1, timeLimit: 10, runTimeLimit: 20 }
    expect(withinProject(own, project)).toMatchObject({ ...own, network: false })
  })

  test('may not raise them', () => {
    const own = { network: true, memory: '64g', cpus: 16, timeLimit: 1000, runTimeLimit: 1000 }
    expect(withinProject(own, project)).toMatchObject(project)
  })

  test('may have fewer graphics cards than the project, and no network that it turns off', () => {
    expect(withinProject({ gpus: 2 }, { gpus: 1 }).gpus).toBe(1)
    expect(withinProject({ gpus: 0 }, { gpus: 1 }).gpus).toBe(0)
    expect(withinProject({ gpus: 2 }, {}).gpus).toBe(2)
    expect(withinProject({ network: 'auto' }, { network: false }).network).toBe(false)
    expect(withinProject({ network: true }, { network: 'auto' }).network).toBe(true)
  })

  test('is free where the project says nothing', () => {
    const own = { network: true, memory: '64g', timeLimit: 1000 }
    expect(withinProject(own, {})).toMatchObject(own)
  })
})
