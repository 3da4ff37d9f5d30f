import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOf } from '../../jobs/train/entry.ts'
import { LAUNCHER } from '../../src/containers/runtime.ts'
import { runtimeRunner } from '../helpers/under-runtime.ts'

const { run, prepare, dispose } = runtimeRunner()
beforeAll(prepare)
afterAll(dispose)

describe('start and end', () => {
  it('are written, with the arguments', async () => {
    const { lines, exitCode, events } = await run(
      { 'train.py': 'import sys\nprint(sys.argv)\n' },
      { command: ['python3', 'train.py', '--lr', '0.1'] },
    )
    expect({ lines, exitCode }).toEqual({ lines: ["['train.py', '--lr', '0.1']"], exitCode: 0 })
    expect(events).toMatchObject([
      { v: 1, type: 'start', python: expect.stringMatching(/^3\.\d+\.\d+/), at: expect.any(Number) },
      { v: 1, type: 'end', exit: 0 },
    ])
  })

  it('tell how many lines were printed, in whatever way', async () => {
    const script = [
      'import logging, sys, warnings',
      'print("one\\ntwo")',
      'sys.stdout.writelines(["three\\n", "four\\n"])',
      'logging.warning("five")',
      'out = sys.stderr',
      'print("no line", file=out, end="")',
      'print(file=out)',
      'raise SystemExit("seven")',
    ].join('\n')
    const { lines, events } = await run({ 'train.py': script })
    expect(lines).toHaveLength(7)
    expect(events.at(-1)).toMatchObject({ type: 'end', lines: 7 })
  })

  it('tell the exit code of sys.exit', async () => {
    const { exitCode, events } = await run({ 'train.py': 'import sys\nsys.exit(3)\n' })
    expect(exitCode).toBe(3)
    expect(events.at(-1)).toMatchObject({ type: 'end', exit: 3 })
  })

  it('come from the first process only', async () => {
    const script = [
      'import multiprocessing, subprocess, sys',
      'if __name__ == "__main__":',
      '    subprocess.run([sys.executable, "-c", "print(1)"], check=True)',
      '    for way in ("fork", "spawn"):',
      '        process = multiprocessing.get_context(way).Process(target=print, args=(way,))',
      '        process.start(); process.join()',
    ].join('\n')
    const { lines, events } = await run({ 'train.py': script })
    expect(lines).toEqual(['1', 'fork', 'spawn'])
    expect(events.map(({ type }) => type)).toEqual(['start', 'end'])
  })
})

describe('a notebook', () => {
  const { command, workdir, env } = startOf({ entry: 'notebooks/train.ipynb', args: [] }, LAUNCHER)

  it('finds what only Jupyter has', async () => {
    const script = [
      'import IPython, multiprocessing',
      'from IPython import get_ipython as ask',
      'from IPython.display import HTML, clear_output, display as show',
      'get_ipython().run_line_magic("matplotlib", "inline")',
      'clear_output(wait=True); HTML("<b>x</b>")',
      'files = list(get_ipython().getoutput("ls"))',
      'display("seen", 1); show({"a": 2}); IPython.display.display(3)',
      'print(ask(), files, "IPKernelApp" in get_ipython().config)',
      'import pandas; display(pandas.DataFrame({"a": [1]}).shape)',
      'process = multiprocessing.get_context("fork").Process(target=lambda: display("child"))',
      'process.start(); process.join()',
    ].join('\n')
    const files = { 'notebooks/.hone-train.py': script }
    const { lines, exitCode } = await run(files, { command, workdir, env })
    expect(lines).toEqual(['seen 1', "{'a': 2}", '3', 'None [] False', '(1, 1)', 'child'])
    expect(exitCode).toBe(0)
  })

  it('tells its places from the root of the repository', async () => {
    const { events } = await run(
      {
        'notebooks/.hone-train.py': 'import sys\nsys.path.append("..")\nimport helper\n',
        'helper.py': 'x = 1\nraise ValueError("no")\n',
      },
      { command, workdir, env },
    )
    expect(events[1]).toMatchObject({ error: 'ValueError', file: 'helper.py', line: 2 })
  })

  it('is no script that has these names', async () => {
    const { events } = await run({ 'train.py': 'display(1)\n' })
    expect(events[1]).toMatchObject({ error: 'NameError', file: 'train.py', line: 1 })
  })
})

describe('an exception', () => {
  it('is told with the deepest place in the user code, and printed as always', async () => {
    const { lines, exitCode, events } = await run({
      'train.py': 'import lib.model\nlib.model.build()\n',
      'lib/model.py': 'import json\ndef build():\n    return json.loads("no json")\n',
    })
    expect(exitCode).toBe(1)
    expect(lines[0]).toBe('Traceback (most recent call last):')
    expect(events.slice(1)).toMatchObject([
      {
        type: 'exception',
        error: 'JSONDecodeError',
        message: 'Expecting value: line 1 column 1 (char 0)',
        file: 'lib/model.py',
        line: 3,
        code: 'return json.loads("no json")',
        traceback: expect.stringContaining('Traceback'),
      },
      { type: 'end', exit: 1 },
    ])
  })

  it('of the syntax names file and line too', async () => {
    const { events } = await run({ 'train.py': 'x = 1\nif x\n    pass\n' })
    expect(events[1]).toMatchObject({ error: 'SyntaxError', file: 'train.py', line: 2, code: 'if x' })
  })
})

const DATA = [
  'from sklearn.datasets import load_iris',
  'from sklearn.linear_model import LogisticRegression, LinearRegression',
  'from sklearn.model_selection import train_test_split, GridSearchCV, cross_val_score',
  'from sklearn.pipeline import make_pipeline',
  'from sklearn.preprocessing import StandardScaler',
  'from sklearn.metrics import accuracy_score, f1_score, r2_score, mean_squared_error',
  'X, y = load_iris(return_X_y=True)',
  'X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)',
  'model = LogisticRegression(max_iter=500).fit(X_train, y_train)',
]
const FIRST = DATA.length + 1
const script = (...lines: string[]) => ({ 'train.py': [...DATA, ...lines, ''].join('\n') })

describe('metrics of scikit-learn', () => {
  it('are told with split and place', async () => {
    const { metrics, exitCode } = await run(
      script(
        'print("train accuracy", accuracy_score(y_test, model.predict(X_test)))',
        'a, b = model.score(X_train, y_train), model.score(X_test, y_test)',
        'val_f1 = f1_score(y, model.predict(X), average="macro")',
        'c = accuracy_score(',
        '    y_test,',
        '    model.predict(X_test),',
        ')',
        'd = accuracy_score(y, model.predict(X))',
      ),
    )
    expect(exitCode).toBe(0)
    const place = (line: number) => ({ file: 'train.py', line: FIRST + line, step: null })
    expect(metrics).toMatchObject([
      { name: 'accuracy', split: 'test', ...place(0) },
      { name: 'accuracy', split: 'train', ...place(1) },
      { name: 'accuracy', split: 'test', ...place(1) },
      { name: 'f1', split: 'validation', ...place(2) },
      { name: 'accuracy', split: 'test', ...place(3) },
      { name: 'accuracy', ...place(7) },
    ])
    expect(metrics[5]).not.toHaveProperty('split')
    for (const { value } of metrics) expect(value).toBeGreaterThan(0.9)
  })

  it('are those of pipelines, searches and regressions too, each once', async () => {
    const { metrics, exitCode } = await run(
      script(
        'pipe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(X_train, y_train)',
        'pipe.score(X_test, y_test)',
        'search = GridSearchCV(pipe, {"logisticregression__C": [0.1, 1]}, cv=2, n_jobs=2).fit(X_train, y_train)',
        'search.score(X_test, y_test)',
        'cross_val_score(model, X, y, cv=2, scoring="accuracy")',
        'line = LinearRegression().fit(X_train, y_train)',
        'line.score(X_test, y_test); r2_score(y_test, line.predict(X_test))',
        'mean_squared_error(y_test, line.predict(X_test))',
        'f1_score(y_test, model.predict(X_test), average=None)',
        'accuracy_score(y_test, model.predict(X_test), normalize=False)',
      ),
    )
    expect(exitCode).toBe(0)
    expect(metrics.map(({ name, line }) => [name, Number(line) - FIRST])).toEqual([
      ['accuracy', 1],
      ['accuracy', 2],
      ['accuracy', 3],
      ['accuracy', 4],
      ['r2', 6],
      ['r2', 6],
      ['mse', 7],
    ])
  })

  it('are those of validations inside of scikit-learn: the mean over the folds', async () => {
    const { events, metrics } = await run(
      script(
        'from sklearn.ensemble import RandomForestClassifier',
        'from sklearn.model_selection import cross_validate',
        'from sklearn.neural_network import MLPClassifier',
        'cross_val_score(LinearRegression(), X, y, cv=3, scoring="neg_mean_squared_error")',
        'cross_validate(model, X, y, cv=3, scoring=["accuracy", "f1_macro"])',
        'RandomForestClassifier(oob_score=True).fit(X, y)',
        'MLPClassifier(early_stopping=True, max_iter=3).fit(X, y)',
      ),
    )
    expect(metrics).toMatchObject([
      {
        name: 'mean_squared_error',
        split: 'validation',
        line: FIRST + 3,
        folds: [1, 2, 3].map(() => expect.any(Number)),
      },
      { name: 'accuracy', split: 'validation', line: FIRST + 4 },
      { name: 'f1_macro', split: 'validation', line: FIRST + 4 },
      { name: 'accuracy', split: 'validation', line: FIRST + 5, value: expect.any(Number) },
    ])
    expect(metrics[0]?.value).toBeGreaterThan(0)
    const epochs = events.filter(({ type }) => type === 'epoch')
    expect(epochs).toMatchObject(
      [1, 2, 3].map((step) => ({
        step,
        metrics: { train_loss: expect.any(Number), val_accuracy: expect.any(Number) },
      })),
    )
  })

  it('have the epoch of the loop that computes them', async () => {
    const { metrics } = await run(
      script(
        'from sklearn.linear_model import SGDClassifier',
        'sgd = SGDClassifier()',
        'for epoch in range(3):',
        '    sgd.partial_fit(X_train, y_train, classes=[0, 1, 2])',
        '    sgd.score(X_test, y_test)',
      ),
      { command: ['python3', '-u', '-m', '_hone', 'train.py'] },
    )
    expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3])
  })

  it('begin anew after a crash, which is said once', async () => {
    const { events } = await run(script('model.fit(X_train, y_train)', 'StandardScaler().fit(X_train)'), {
      env: { HONE_ATTEMPT: '2' },
    })
    expect(events.filter(({ type }) => type === 'warning')).toMatchObject([
      {
        code: 'starts-anew',
        message: 'LogisticRegression.fit begins anew: scikit-learn keeps no state in the middle of a fit.',
      },
    ])
  })

  it('leave the functions as they were to everybody else', async () => {
    const { lines } = await run(
      script(
        'import inspect, pickle',
        'print(accuracy_score.__name__, list(inspect.signature(accuracy_score).parameters)[:2])',
        'print(pickle.loads(pickle.dumps(accuracy_score)) is accuracy_score)',
        'print(hasattr(make_pipeline(StandardScaler()), "score"))',
      ),
    )
    expect(lines).toEqual(["accuracy_score ['y_true', 'y_pred']", 'True', 'False'])
  })
})

describe('the seed of a trial', () => {
  const drawing = [
    'import random',
    'import numpy as np',
    'from sklearn.datasets import load_iris',
    'from sklearn.neural_network import MLPClassifier',
    'X, y = load_iris(return_X_y=True)',
    'model = MLPClassifier((4,), max_iter=5).fit(X, y)',
    'print("drawn", random.random(), np.random.rand(), model.coefs_[0].sum())',
  ]
  const drawn = async (seed: string | undefined, own = '') => {
    const files = { 'train.py': `import random, numpy\n${own}\n${drawing.join('\n')}\n` }
    const { lines } = await run(files, seed === undefined ? {} : { env: { HONE_SEED: seed } })
    // The fit warns on the other stream, which may come last.
    return lines.find((line) => line.startsWith('drawn '))
  }

  it('gives a script without one the same numbers again, and another seed others', async () => {
    const first = await drawn('5')
    expect(await drawn('5')).toBe(first)
    expect(await drawn('6')).not.toBe(first)
  })

  it('leaves a script that sets its own alone', async () => {
    const own = 'random.seed(1); numpy.random.seed(1)'
    expect(await drawn('5', own)).toBe(await drawn(undefined, own))
  })
})

describe('the runtime never gets in the way', () => {
  it('when it cannot write: it says so once', async () => {
    const { lines, exitCode } = await run(
      script('print(round(accuracy_score(y, y)))', 'accuracy_score(y, y)'),
      { env: { HONE_EVENTS: '/proc/none/events.jsonl' } },
    )
    expect(exitCode).toBe(0)
    expect(lines.filter((line) => line !== '1')).toEqual([
      expect.stringMatching(/^\[hone\] The runtime steps aside/),
    ])
  })

  it('when the system has a sitecustomize of its own', async () => {
    const { lines, events } = await run(
      { 'train.py': 'import sitecustomize\nprint(sitecustomize.mine)\n' },
      { root: { 'opt/other/sitecustomize.py': 'mine = 42\n' }, env: { PYTHONPATH: '/opt/hone:/opt/other' } },
    )
    expect(lines).toEqual(['42'])
    expect(events).toHaveLength(2)
  })
})
