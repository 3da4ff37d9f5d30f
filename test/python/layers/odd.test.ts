import { describe, expect, it } from 'vitest'
import { patched, structuresIn } from './apply.ts'
import { frozenIn, layersIn, sizesIn } from './learn.ts'

const HEAD = 'import torch.nn as nn\nfrom keras.layers import *\nfrom keras.models import *\n'

describe('odd code', () => {
  it.each([
    ['nothing', ''],
    ['a syntax error', 'model = Sequential([Dense(3)\n'],
    ['Python 2', `${HEAD}print "x"\nm = Sequential()\nm.add(Dense(3))\n`],
    [
      'a class that extends itself',
      `${HEAD}class A(A):\n    def forward(self, x):\n        return self(x)\nA()\n`,
    ],
    ['a function that calls itself', `${HEAD}def f(x):\n    return f(Dense(4)(x))\nf(Input((3,)))\n`],
    ['a list in itself', `${HEAD}a = []\na.append(a)\nnn.Sequential(*a)(a)\n`],
    ['a model in itself', `${HEAD}m = Sequential()\nm.add(m)\nm.add(Dense(2))\nm(1)\n`],
    [
      'layers without arguments',
      `${HEAD}nn.Sequential(nn.Linear(), nn.Conv2d(), Dense(), Conv2D(), nn.LSTM())(x)\n`,
    ],
    [
      'odd sizes',
      `${HEAD}nn.Sequential(nn.Linear(-1, 0), nn.Linear(0, 1e3), nn.Linear('a', None), nn.Linear(10**9, 2**70))\n`,
    ],
    [
      'arguments by the dozen',
      `${HEAD}m = Sequential([Dense(*a, **b), Dense(units=3, units=4), Dense(3, **c), Dense(1)])\n`,
    ],
    ['a line with many statements', `${HEAD}m = Sequential(); m.add(Dense(4)); m.add(Dense(2))\n`],
    ['attributes of nothing', `${HEAD}self.a = nn.Linear(3, 4)\nself.a.b.c(self.a)\n`],
    ['a lambda', `${HEAD}f = lambda x: Dense(4)(x)\nf(f(Input((3,))))\n`],
  ])('gives an answer: %s', (_, source) => {
    const { sizes, structures } = layersIn(source)
    expect(sizes.every(({ origin }) => origin.literal.kind === 'number')).toBe(true)
    for (const { module, variants } of structures) {
      for (const patches of Object.values(variants))
        expect(patched(module.file.text, patches)).not.toBe(source)
    }
  })

  it('leaves a line with several statements as it is', () => {
    expect(structuresIn(`${HEAD}m = Sequential(); m.add(Dense(4)); m.add(Dense(2))\n`)).toEqual([])
  })
})

describe('much code', () => {
  it('is given up where functions call one another without end', () => {
    const functions = Array.from(
      { length: 20 },
      (_, at) => `def f${at}(x):\n    f${at + 1}(x)\n    return f${at + 1}(x)\n`,
    )
    const source = `${HEAD}${functions.join('')}def f20(x):\n    return Dense(7)(Dense(8)(x))\ny = f0(Input((3,)))\nModel(y)\n`
    expect(sizesIn(source)).toEqual([])
    expect(frozenIn(source)['units 8:65']).toBe('the program is too large to follow')
  })

  it('is read where it is only long', () => {
    const adds = Array.from({ length: 400 }, (_, at) => `m.add(Dense(${at + 2}, activation="relu"))`)
    const source = `${HEAD}m = Sequential()\n${adds.join('\n')}\nm.add(Dense(1))\n`
    expect(sizesIn(source)).toHaveLength(400)
    expect(structuresIn(source)).toEqual(['dense_layers 400: 397-403'])
  })

  it('is bounded where an expression is deep', () => {
    const deep = `${HEAD}x = ${'f('.repeat(200)}Input((3,))${')'.repeat(200)}\n`
    expect(sizesIn(deep)).toEqual([])
  })
})
