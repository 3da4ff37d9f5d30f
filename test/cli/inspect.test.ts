import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inspect } from '../../src/cli/inspect.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-inspect-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

async function run(paths: string[], options: { json?: boolean } = {}) {
  const printed: string[] = []
  const screen = { print: (text: string) => printed.push(text), columns: 90 }
  const full = paths.map((path) => join(folder, path))
  const code = await inspect(full, options, screen)
  return {
    code,
    text: printed.join('\n'),
    lines: printed.map((line) => (options.json ? JSON.parse(line) : line)),
  }
}

const FOREST = `from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=7)
model = RandomForestClassifier(n_estimators=50, max_depth=4, n_jobs=2)
model.fit(X_train, y_train)
print('Test accuracy:', model.score(X_test, y_test))
`

describe('hone inspect --json', () => {
  it('prints one object a line and path, in order, and goes on after one that cannot be analysed', async () => {
    write({ 'forest.py': FOREST, 'broken.py': 'import sklearn\ndef f(:\n', 'empty/notes.txt': '' })
    const { code, lines } = await run(['broken.py', 'forest.py', 'nothing', 'empty'], { json: true })
    expect(code).toBe(1)
    expect(lines.map(({ path }) => path)).toEqual(
      ['broken.py', 'forest.py', 'nothing', 'empty'].map((path) => join(folder, path)),
    )
    expect(lines.map(({ error }) => error?.code)).toEqual([
      'syntax-error',
      undefined,
      'path-missing',
      'no-python',
    ])
    expect(lines[0].error).toMatchObject({ file: 'broken.py', line: 2, remedy: expect.stringMatching(/./) })
    const { framework, family, task, metric, entry, lines: read, milliseconds } = lines[1]
    expect({ framework, family, task, metric, entry }).toEqual({
      framework: 'scikit-learn',
      family: 'ensemble',
      task: 'classification',
      metric: { name: 'accuracy', direction: 'maximize' },
      entry: 'forest.py',
    })
    expect(read).toBe(FOREST.split('\n').length)
    expect(milliseconds).toBeGreaterThan(0)
  })

  it('says where each hyperparameter stands, to the byte, and leaves the evaluation alone', async () => {
    write({ 'forest.py': `\ufeff${FOREST}` })
    const { code, lines } = await run(['forest.py'], { json: true })
    const [{ hyperparameters, leftAlone, evidence }] = lines
    expect(code).toBe(0)
    const depth = hyperparameters.find(({ name }: { name: string }) => name === 'max_depth')
    expect(depth).toMatchObject({ file: 'forest.py', line: 7, value: 4, condition: null, ties: [] })
    const bytes = Buffer.from(`\ufeff${FOREST}`)
    expect(bytes.subarray(depth.start, depth.end).toString()).toBe('4')
    expect(FOREST.split('\n')[6]?.slice(depth.column - 1, depth.column)).toBe('4')
    expect(depth.distribution).toMatchObject({ type: 'int' })
    expect(depth.source).toMatch(/./)
    const names = hyperparameters.map(({ name }: { name: string }) => name)
    expect(names).toContain('n_estimators')
    expect(names.filter((name: string) => /test_size|random_state|n_jobs/.test(name))).toEqual([])
    expect(leftAlone.map(({ line }: { line: number }) => line)).toContain(6)
    expect(evidence[0]).toMatchObject({ file: 'forest.py', why: expect.stringMatching(/./) })
  })

  it('reads a folder with its hone.yaml', async () => {
    write({
      'train.py': FOREST,
      'other.py': FOREST,
      'hone.yaml':
        'entry: other.py\nhyperparameters:\n  max_depth: {low: 2, high: 6}\n  n_estimators: exclude\n',
    })
    const { lines } = await run(['.'], { json: true })
    expect(lines[0].entry).toBe('other.py')
    const depth = lines[0].hyperparameters.find(({ name }: { name: string }) => name === 'max_depth')
    expect(depth.distribution).toMatchObject({ low: 2, high: 6 })
    expect(lines[0].hyperparameters.map(({ name }: { name: string }) => name)).not.toContain('n_estimators')
  })
})

describe('hone inspect', () => {
  it('shows a page for each path, failures too', async () => {
    write({ 'forest.py': FOREST, 'broken.py': 'import sklearn\ndef f(:\n' })
    const { code, text } = await run(['forest.py', 'broken.py'])
    expect(code).toBe(1)
    expect(text).toContain('scikit-learn · ensemble · classification')
    expect(text).toMatch(/max_depth +4 +\d+ … \d+/)
    expect(text).toContain('> 2 │ def f(:')
  })

  it('needs at least one path', async () => {
    await expect(run([])).rejects.toThrow('No path was given')
  })
})
