import { describe, expect, test } from 'vitest'
import { chooseEntry } from '../../../src/python/detect/entry.ts'
import { openProject } from '../../../src/python/project.ts'
import { python, repository } from '../python.ts'

const choose = (files: Record<string, string>, entry?: string) =>
  chooseEntry(openProject(python, repository(files)), entry === undefined ? {} : { entry })

const FUNCTION = 'import torch\ndef train(model):\n    loss = model(x)\n    loss.backward()\n'
const read = (text: string) => `\`\`\`\n${text}\n\`\`\`\n`

describe('arguments', () => {
  const PARSER = (...options: string[]) =>
    `import argparse\n${FUNCTION}p = argparse.ArgumentParser()\n${options.map((one) => `p.add_argument(${one})\n`).join('')}args = p.parse_args()\ntrain(args)\n`
  const args = (options: string[], command: string) =>
    choose({ 'go.py': PARSER(...options), 'conf/a.yaml': 'lr: 1\n', 'README.md': read(command) }).args

  test.each<[what: string, options: string[], given: string, expected: string[], command?: string]>([
    [
      'only what is required',
      ["'--data', required=True", "'--lr', default=0.1"],
      '--lr 0.5 --data d',
      ['--data', 'd'],
    ],
    ['with its equals sign', ["'--data', '-d', required=True"], '-d=x --lr=1', ['-d=x']],
    [
      'all values',
      ["'--sizes', nargs='+', required=True"],
      '--sizes 1 2 3 --lr 1',
      ['--sizes', '1', '2', '3'],
    ],
    [
      'positional ones',
      ["'data'", "'--lr', type=float", "'--fast', action='store_true'"],
      '--fast --lr 1 d',
      ['d'],
    ],
    ['no optional ones', ["'data', nargs='?'"], 'd', []],
    [
      'what makes it train',
      ["'--train', action='store_true'", "'--lr', default=1"],
      '--train --lr 3',
      ['--train'],
    ],
    ['its mode, where it has no default', ["'--mode'"], '--mode train', ['--mode', 'train']],
    ['no mode that it has anyway', ["'--mode', default='train'"], '--mode train', []],
    [
      'a file of the repository',
      ["'-c', '--config'", "'--out'"],
      '-c README.md --out x',
      ['-c', 'README.md'],
    ],
    [
      'a file of the folder that it is meant for, as seen from the root',
      ["'-c', default=''"],
      '-c=a.yaml',
      ['-c=conf/a.yaml'],
      'cd conf && python ../go.py',
    ],
    [
      'a placeholder where it does not matter',
      ["'--data', required=True"],
      '--data d --out <path>',
      ['--data', 'd'],
    ],
    ['no placeholder', ["'--data', required=True"], '--data <path>', []],
    ['none when one is missing', ["'--a', required=True", "'--b', required=True"], '--a 1', []],
  ])('%s', (_, options, given, expected, command = 'python go.py') => {
    expect(args(options, `${command} ${given}`)).toEqual(expected)
  })

  test('from the first command that has them all, which is shown', () => {
    const found = choose({
      'go.py': PARSER("'--data', required=True"),
      'README.md': read('python go.py\npython go.py --eval --data e\npython go.py --data d --lr 1'),
    })
    expect(found.args).toEqual(['--data', 'd'])
    expect(found.evidence.at(-1)).toEqual({
      file: 'README.md',
      line: 4,
      text: 'python go.py --data d --lr 1',
      why: 'gives the arguments that it needs: --data d',
    })
  })

  test('for a script that hone.yaml names', () => {
    const files = { 'go.py': PARSER("'data'"), 'README.md': read('python go.py d') }
    expect(choose(files, 'go.py').args).toEqual(['d'])
  })

  test('of a subcommand, and of a script that reads them itself', () => {
    const sub = `import argparse\n${FUNCTION}p = argparse.ArgumentParser()\ns = p.add_subparsers()\nf = s.add_parser('fit')\nf.add_argument('--data', required=True)\nargs = p.parse_args()\ntrain(args)\n`
    expect(choose({ 'go.py': sub, 'README.md': read('python go.py fit --lr 1 --data d') }).args).toEqual([
      'fit',
      '--data',
      'd',
    ])
    const own = `import sys\n${FUNCTION}train(sys.argv[1])\n`
    expect(choose({ 'go.py': own, 'README.md': read('python go.py d') }).args).toEqual(['d'])
  })

  test('of another script are not taken', () => {
    const files = { 'train.py': PARSER("'data'"), 'b.py': 'x = 1\n', 'README.md': read('python b.py d') }
    expect(choose(files).args).toEqual([])
  })
})
