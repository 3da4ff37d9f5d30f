import { describe, expect, it } from 'vitest'
import { type Dim, Sizes } from '../../../src/python/layers/sizes.ts'
import { tensor, tensorsIn, type Value } from '../../../src/python/layers/values.ts'
import { CHARACTERS, FACTORS, LONGEST, Work } from '../../../src/python/layers/work.ts'
import { structuresIn } from './apply.ts'
import { frozenIn, layersIn, sizesIn } from './learn.ts'

const HEAD = 'import torch\nfrom torch import nn\n'
const KERAS = 'from keras.layers import *\nfrom keras.models import *\n'
const times = (count: number, line: string) => `${line}\n`.repeat(count)
const MODEL = 'm = nn.Sequential(nn.Linear(10, 64), nn.Linear(64, 2))\nm(x)\n'
const UNUSED = 'it is not seen how the layer is used'
const TOO_LARGE = 'the program is too large to follow'

describe('lists that double', () => {
  it.each([
    ['a sum', times(40, 'ls = ls + ls')],
    ['a product', times(15, 'ls = ls * 8')],
    ['an augmented sum', times(40, 'ls += ls')],
    ['extend', times(40, 'ls.extend(ls)')],
    ['stars in a list', times(40, 'ls = [*ls, *ls]')],
    ['stars in a call', `def f(*a):\n    return a\n${times(40, 'ls = f(*ls, *ls)')}`],
    ['a loop', 'for i in range(50):\n    for j in range(10):\n        ls += ls\n'.repeat(20)],
  ])('leave the layers in them alone: %s', (_, growing) => {
    const source = `${HEAD}ls = [nn.Linear(64, 64)]\n${growing}m = nn.Sequential(*ls)\nm(x)\n`
    expect(sizesIn(source)).toEqual([])
    expect(Object.values(frozenIn(source))).toEqual([UNUSED, UNUSED])
  })

  it('hide nothing of another model', () => {
    const source = `${HEAD}ls = [1]\n${times(40, 'ls += ls')}${MODEL}`
    expect(sizesIn(source)).toEqual(['units 64:44 64:44'])
  })

  it.each([
    ['lists', `${times(40, 'a = [a, a]')}`],
    ['ways', times(40, 'if c:\n    a = [a, a]\nelse:\n    a = [a, [a]]')],
    ['equal ways', times(40, 'if c:\n    a = [a, a]\n    b = [b, b]\nelse:\n    a = [b, b]')],
  ])('end inside of one another, as a shape and as an input: %s', (_, growing) => {
    const source = `${HEAD}a = b = nn.Linear(64, 64)(torch.zeros(1, 64))\n${growing}torch.zeros(1, 2).view(a)\nm = nn.Linear(9, 9)\nm(a)\n`
    expect(layersIn(source).sizes).toEqual([])
  })

  it('end where models hold one another', () => {
    const source = `${HEAD}m = nn.Linear(64, 64)\n${times(40, 'm = nn.Sequential(m, m)')}m(x)\n`
    expect(sizesIn(source)).toEqual([])
    expect(frozenIn(source)).toEqual({
      'in_features 64:3': expect.any(String),
      'out_features 64:3': expect.any(String),
    })
  })
})

describe('sizes that grow', () => {
  it.each(['n = n * n', 'n = n + n', 'n = n * n + n', 'n = n + 1'])('are given up: %s', (line) => {
    const source = `${HEAD}n = 2\n${times(400, line)}m = nn.Sequential(nn.Linear(n, 64), nn.Linear(64, n))\nm(x)\n`
    expect(sizesIn(source)).toEqual(['units 64:404 64:404'])
  })

  it('are given up where tensors are joined again and again', () => {
    const joins = times(300, 'x, y = Concatenate()([x, y]), Concatenate()([y, x, y])')
    const source = `${KERAS}i = Input((3,))\nx = Dense(32)(i)\ny = Dense(16)(i)\n${joins}m = Model(i, x)\n`
    expect(sizesIn(source)).toEqual([])
  })

  it('are as large as is said, and no larger', () => {
    const sizes = new Sizes(new Work())
    const atom = (form: string) => ({ form, value: 2, literal: null, vars: [] })
    expect(sizes.computed('+', [[atom('a')], [atom('b')]], 4)?.[0]?.form).toBe('(a+b)')
    expect(sizes.computed('+', [[atom('a'.repeat(CHARACTERS))], [atom('b')]], 4)).toBeNull()
    const dim = (form: string): Dim => ({ size: [atom(form)], times: 1 })
    expect(sizes.sum([dim('a'), dim('b')], 4)).toHaveLength(1)
    expect(sizes.sum([dim('a'.repeat(CHARACTERS)), dim('b')], 4)).toBeNull()
    expect(FACTORS).toBe(64)
  })
})

describe('work', () => {
  it('ends, and does not begin again', () => {
    const work = new Work(3)
    expect([work.spend(2), work.spend(), work.exhausted, work.spend(), work.exhausted]).toEqual([
      true,
      true,
      false,
      false,
      true,
    ])
    const other = new Work()
    other.stop()
    expect([other.spend(0), other.exhausted]).toEqual([false, true])
  })

  it('ends where lists within lists hold too many values', () => {
    const work = new Work()
    const list = (values: Value[]): Value => ({ kind: 'list', values })
    const row = list(Array.from({ length: LONGEST }, () => tensor()))
    expect(tensorsIn(row, work)).toHaveLength(LONGEST)
    expect(work.exhausted).toBe(false)
    tensorsIn(list(Array.from({ length: LONGEST }, () => row)), work)
    expect(work.exhausted).toBe(true)
  })
})

describe('a program that is too large', () => {
  const layers = Array.from({ length: 15_000 }, (_, at) => `m.add(Dense(${at + 2}))`).join('\n')

  it('keeps all that is not proven', () => {
    const source = `${KERAS}m = Sequential()\n${layers}\nm.compile()\n`
    expect(sizesIn(source)).toEqual([])
    expect(structuresIn(source)).toEqual([])
    expect(frozenIn(source)['units 2:4']).toBe(TOO_LARGE)
  })

  it('is the same each time', () => {
    const source = `${HEAD}${Array.from({ length: 3000 }, (_, at) => `a${at} = nn.Linear(4, ${at})(torch.zeros(2, 4))`).join('\n')}\n`
    expect(frozenIn(source)).toEqual(frozenIn(source))
  })

  it.each([
    ['functions', Array.from({ length: 9000 }, (_, at) => `def f${at}(x):\n    return x\n`).join('')],
    ['classes', Array.from({ length: 5000 }, (_, at) => `class C${at}(nn.Module):\n    pass\n`).join('')],
    ['conditions', `${times(2000, 'if c:\n    q = 1')}${times(500, 'if c:\n    r = [1]')}`],
    ['arguments', `def f(x, *a, **k):\n    return a\nf(${'1, '.repeat(20_000)})\nnn.Linear(*f(1, 2))(x)\n`],
    ['names', Array.from({ length: 6000 }, (_, at) => `n${at + 1} = n${at}`).join('\n')],
  ])('ends: %s', (_, many) => {
    const source = `${HEAD}n0 = 8\n${many}\n${MODEL}`
    const { sizes } = layersIn(source)
    expect(sizes.every(({ origin }) => origin.literal.kind === 'number')).toBe(true)
  })
})
