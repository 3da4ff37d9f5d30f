import { expect, test } from 'vitest'
import type { Literal } from '../../../src/python/flow/flow.ts'
import { calledName, positionalOf } from '../../../src/python/syntax/walk.ts'
import { flowOf } from '../python.ts'

const show = (literal: Literal): unknown =>
  literal.kind === 'sequence' ? literal.elements.length : literal.value

/** Value, file and names of each literal that reaches the first argument of `take(...)`. */
function reach(files: string | Record<string, string>) {
  const flow = flowOf(files)
  return flow.names.modules.flatMap((module) =>
    module.calls
      .filter(({ call }) => calledName(call) === 'take')
      .flatMap(({ call, scope }) => {
        const [value] = positionalOf(call)
        return value ? flow.origins(value, scope) : []
      })
      .map(({ literal, file, names }) => [show(literal), `${file.path}:${literal.line}`, names[0] ?? null]),
  )
}

test.each([
  ['a literal', 'take(0.1)', [[0.1, 'train.py:1', null]]],
  ['a constant', 'LR = 0.1\ntake(LR)', [[0.1, 'train.py:1', 'LR']]],
  ['two names', 'LR = 0.1\nlr = LR\ntake(lr)', [[0.1, 'train.py:1', 'LR']]],
  ['unpacking', 'a, b = 1, 2\ntake(b)', [[2, 'train.py:1', 'b']]],
  ['a cast', 'take(float("0.1"))', [[0.1, 'train.py:1', null]]],
  ['a computed value', 'a = 2\ntake(a * 3)', []],
  ['a default', 'def f(lr=0.1):\n    take(lr)\nf()', [[0.1, 'train.py:1', 'lr']]],
  [
    'an argument in place of the default',
    'def f(lr=0.1):\n    take(lr)\nf(0.2)',
    [[0.2, 'train.py:3', 'lr']],
  ],
  [
    'two callers',
    'def f(lr):\n    take(lr)\nf(1)\nf(lr=2)',
    [
      [1, 'train.py:3', 'lr'],
      [2, 'train.py:4', 'lr'],
    ],
  ],
  [
    'a constructor',
    'class N:\n    def __init__(self, h=1):\n        self.h = h\n    def go(self):\n        take(self.h)\nN(64)',
    [[64, 'train.py:6', 'h']],
  ],
  [
    'argparse',
    'p.add_argument("--batch-size", type=int, default=64)\nargs = p.parse_args()\ntake(args.batch_size)',
    [[64, 'train.py:1', 'batch_size']],
  ],
  [
    'absl',
    'from absl import flags\nFLAGS = flags.FLAGS\nflags.DEFINE_float("lr", 0.1, "rate")\ntake(FLAGS.lr)',
    [[0.1, 'train.py:3', 'lr']],
  ],
  [
    'click',
    '@click.option("--lr", default=0.1)\ndef main(lr):\n    take(lr)\nmain()',
    [[0.1, 'train.py:1', 'lr']],
  ],
  [
    'typer',
    'def main(lr: float = typer.Option(0.1)):\n    take(lr)\ntyper.run(main)',
    [[0.1, 'train.py:1', 'lr']],
  ],
  ['the environment', 'take(float(os.environ.get("LR", "0.1")))', [[0.1, 'train.py:1', 'LR']]],
  ['a dict', 'p = {"lr": 0.1}\ntake(p["lr"])', [[0.1, 'train.py:1', 'lr']]],
  ['a stored entry', 'p = {}\np["lr"] = 0.1\ntake(p["lr"])', [[0.1, 'train.py:2', 'lr']]],
  ['get with a default', 'p = {"a": 1}\ntake(p.get("lr", 0.1))', [[0.1, 'train.py:2', 'lr']]],
  [
    'a dataclass',
    '@dataclass\nclass Config:\n    lr: float = 0.1\nc = Config()\ntake(c.lr)',
    [[0.1, 'train.py:3', 'lr']],
  ],
  [
    'a dataclass with a value given',
    '@dataclass\nclass Config:\n    lr: float = 0.1\nc = Config(lr=0.2)\ntake(c.lr)',
    [[0.2, 'train.py:4', 'lr']],
  ],
  ['a class attribute', 'class Config:\n    lr = 0.1\ntake(Config.lr)', [[0.1, 'train.py:2', 'lr']]],
  ['an index', 's = [8, 16]\ntake(s[1])', [[16, 'train.py:1', 's']]],
  ['a name that leads back to itself', 'a = b\nb = a\ntake(a)', []],
])('%s', (_, text, expected) => {
  expect(reach(`${text}\n`)).toEqual(expected)
})

test('follows values through modules of the repository', () => {
  const files = {
    'train.py': 'import config\nfrom config import EPOCHS\ntake(config.LR)\ntake(EPOCHS)\n',
    'config.py': 'LR = 0.1\nEPOCHS = 5\n',
  }
  expect(reach(files)).toEqual([
    [0.1, 'config.py:1', 'LR'],
    [5, 'config.py:2', 'EPOCHS'],
  ])
})

test('finds values in the configuration files that the script names', () => {
  const files = {
    'train.py': 'cfg = yaml.safe_load(open("conf/train.yaml"))\ntake(cfg["optimizer"]["lr"])\n',
    'conf/train.yaml': 'optimizer:\n  lr: 0.01 # rate\n',
    'conf/other.yaml': 'optimizer:\n  lr: 0.5\n',
  }
  expect(reach(files)).toEqual([[0.01, 'conf/train.yaml:2', 'lr']])
})
