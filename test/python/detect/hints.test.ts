import { describe, expect, test } from 'vitest'
import { hintsOf } from '../../../src/python/detect/hints.ts'
import { commandsIn, startedBy } from '../../../src/python/detect/hints-shell.ts'
import { evaluates } from '../../../src/python/detect/hints-words.ts'
import { openProject } from '../../../src/python/project.ts'
import { python, repository } from '../python.ts'

const SCRIPTS = Object.fromEntries(
  ['train.py', 'main.py', 'src/pkg/train.py', 'src/pkg/__main__.py', 'scripts/fit.py', 'nb/Train.ipynb'].map(
    (path) => [path, ''],
  ),
)

/** `path args` of each hint, in order. */
const hints = (files: Record<string, string>) =>
  hintsOf(openProject(python, repository({ ...SCRIPTS, ...files }))).map(({ path, args }) =>
    [path, ...args].join(' '),
  )

const started = (line: string) => {
  const [words = []] = commandsIn(line)
  const found = startedBy(words)
  return found && [found.target.kind, found.target.name, ...found.args].join(' ')
}

describe('a command line', () => {
  test.each([
    ['python train.py --lr 0.1', 'file train.py --lr 0.1'],
    ['python3.11 -u -W ignore ./train.py', 'file ./train.py'],
    ['/usr/bin/python train.py', 'file train.py'],
    ['$(PYTHON) train.py', 'file train.py'],
    ['CUDA_VISIBLE_DEVICES=0 nohup python train.py > log.txt 2>&1 &', 'file train.py'],
    ['python -m pkg.train --epochs=3', 'module pkg.train --epochs=3'],
    ['uv run python train.py', 'file train.py'],
    ['uv run --with torch train.py -b 8', 'file train.py -b 8'],
    ['poetry run fit-model --fast', 'command fit-model --fast'],
    ['torchrun --nproc_per_node=2 train.py --amp', 'file train.py --amp'],
    ['accelerate launch --config_file a.yaml train.py', 'file train.py'],
    ['accelerate launch -m pkg.train', 'module pkg.train'],
    ['python -m torch.distributed.launch --nproc_per_node=4 main.py -a fc', 'file main.py -a fc'],
    ['mpirun -np 4 python train.py', 'file train.py'],
    ['docker run --rm -v /a:/b image python train.py', 'file train.py'],
    ['./train.py', 'file train.py'],
    ['bash scripts/train.sh gpu', 'file scripts/train.sh'],
    ['papermill train.ipynb out.ipynb', 'file train.ipynb'],
    ['python .\\src\\train.py', 'file ./src/train.py'],
    ['python "my train.py" \'a b\'', 'file my train.py a b'],
    ['python train.py # the default', 'file train.py'],
  ])('%s', (line, expected) => {
    expect(started(line)).toBe(expected)
  })

  test.each([
    'python -c "import torch"',
    'python >= 3.8',
    'pip install -r requirements.txt',
    'streamlit run app.py',
    'git clone https://github.com/a/train.py.git',
    'echo train.py',
  ])('%s starts nothing of ours', (line) => {
    const found = started(line)
    expect(found === null || found === 'file =').toBe(true)
  })

  test('is cut at && ; | and keeps what is quoted together', () => {
    expect(commandsIn('cd a && python b.py; echo "x && y" | tee log')).toEqual([
      ['cd', 'a'],
      ['python', 'b.py'],
      ['echo', 'x && y'],
      ['tee', 'log'],
    ])
  })

  test.each(['', '"', "'", '\\', '$(', '${', '# ', '&&', '"a\\', '\u0000'])('%j is no trouble', (line) => {
    expect(() => commandsIn(line).map(startedBy)).not.toThrow()
  })
})

describe('a Makefile', () => {
  test('its training counts before what runs and what else it has', () => {
    const Makefile =
      'PY ?= python3\n\nrun: a\n\t$(PY) main.py\n\ntrain:\n\t@$(PY) train.py \\\n\t  --lr 0.1\n'
    expect(hints({ Makefile })).toEqual(['train.py --lr 0.1', 'main.py'])
  })

  test('follows its variables and folders', () => {
    const Makefile = 'SCRIPT := fit.py # which\nall:\n\tcd scripts && python $(SCRIPT)\n\tpython main.py\n'
    expect(hints({ Makefile })).toEqual(['scripts/fit.py', 'main.py'])
  })

  test('leaves comments out', () => {
    expect(hints({ Makefile: 'train:\n\t# python train.py\n' })).toEqual([])
  })
})

describe('a README', () => {
  test.each([
    ['a fence', '```bash\n$ python train.py\n```'],
    ['a fence in a list', '1. Train:\n   ```\n   (venv) $ python train.py\n   ```'],
    ['an indented block', 'Run\n\n    python train.py\n'],
    ['code in a line', 'Use `python train.py` to train.'],
    ['a plain line', 'Then run python train.py, and wait.'],
    ['a superuser', '~~~\n# python train.py\n~~~'],
    ['a name to run', 'To train a new network: run `train.py`.'],
    ['the name of the checkout', '```\ncd my-project\npython my-project/train.py\n```'],
    ['a notebook of the colab kind', '```\n!python train.py\n```'],
    ['lines that go on', '```\nCUDA_VISIBLE_DEVICES=0 \\\n  python \\\n  train.py\n```'],
  ])('%s', (_, text) => {
    expect(hints({ 'README.md': text })).toEqual(['train.py'])
  })

  test('shows where it says so', () => {
    const [hint] = hintsOf(
      openProject(python, repository({ ...SCRIPTS, 'README.md': '# A\n\n```\npython  train.py\n```\n' })),
    )
    expect(hint).toMatchObject({
      file: 'README.md',
      line: 4,
      text: 'python train.py',
      why: 'the README says to run it',
    })
  })

  test('follows folders within a block, and back', () => {
    const text = '```\ncd src/pkg\npython train.py\ncd ../../scripts\npython fit.py\n```\n`python main.py`'
    expect(hints({ 'README.md': text })).toEqual(['src/pkg/train.py', 'scripts/fit.py', 'main.py'])
  })

  test('modules are looked for in src too', () => {
    expect(hints({ 'README.md': '`python -m pkg.train` or `python -m pkg`' })).toEqual([
      'src/pkg/train.py',
      'src/pkg/__main__.py',
    ])
  })

  test('the name of a file alone is no command', () => {
    expect(
      hints({ 'README.md': '- `train.py`: the training\n- `main.py`\n\n    main.py   # the entry\n' }),
    ).toEqual([])
  })

  test('follows a script of commands, once', () => {
    const files = {
      'README.md': '```\n./run.sh\nsh run.sh\n```',
      'run.sh': 'cd "$ROOT/scripts"\npython fit.py\n./run.sh\n',
    }
    expect(hints(files)).toEqual(['scripts/fit.py'])
  })

  test('one of an inner folder is about a part', () => {
    expect(hints({ 'src/README.md': '`python train.py`' })).toEqual([])
  })
})

test.each([
  ['FROM x\nRUN python main.py\nCMD ["python", "train.py", "--lr", "1"]', ['train.py --lr 1', 'main.py']],
  ['CMD python main.py\nCMD python /app/train.py', ['train.py']],
  ['ENTRYPOINT ["python"]\nCMD ["train.py"]', ['train.py']],
  ['CMD ["sh", "-c", "cd scripts && python fit.py"]', ['scripts/fit.py']],
])('a Dockerfile: %j', (text, expected) => {
  expect(hints({ Dockerfile: text })).toEqual(expected)
})

test('commands that are installed', () => {
  const toml = '[project]\nname = "x"\n[project.scripts]\nserve = "main:go"\npkg-train = "pkg.train:main"\n'
  expect(hints({ 'pyproject.toml': toml })).toEqual(['src/pkg/train.py', 'main.py'])
  expect(hints({ 'pyproject.toml': '[tool.poetry.scripts]\nt = "pkg.train:main"\n' })).toEqual([
    'src/pkg/train.py',
  ])
  const cfg = '[options.entry_points]\nconsole_scripts =\n    t = pkg.train:main\n[other]\nx = main:y\n'
  expect(hints({ 'setup.cfg': cfg })).toEqual(['src/pkg/train.py'])
  const setup = "setup(entry_points={'console_scripts': ['t=pkg.train:main']})\n"
  expect(hints({ 'setup.py': setup })).toEqual(['src/pkg/train.py'])
})

test('a command of the project that the README runs', () => {
  const toml = '[project.scripts]\nother = "main:go"\nfit-it = "pkg.train:main"\n'
  const found = hints({ 'pyproject.toml': toml, 'README.md': '`uv run fit-it`' })
  expect(found[0]).toBe('src/pkg/train.py')
})

test('stages of dvc.yaml and MLproject', () => {
  const dvc =
    'stages:\n  prepare:\n    cmd: python main.py\n  train:\n    cmd:\n    - python src/pkg/train.py a b\n    deps:\n    - train.py\n'
  expect(hints({ 'dvc.yaml': dvc })).toEqual(['main.py', 'src/pkg/train.py a b'])
  const project = 'entry_points:\n  main:\n    command: "python train.py --alpha {alpha}"\n'
  expect(hints({ MLproject: project })).toEqual(['train.py --alpha {alpha}'])
})

test('scripts of commands count by their names, or when they agree', () => {
  expect(
    hints({ 'run.sh': 'python main.py', 'scripts/train.sh': '# python main.py\npython train.py' }),
  ).toEqual(['train.py', 'main.py'])
  expect(hints({ 'exp1.sh': 'python main.py --a', 'exp2.sh': 'python main.py --b' })).toHaveLength(2)
  expect(hints({ 'exp1.sh': 'python main.py', 'exp2.sh': 'python train.py' })).toEqual([])
})

test('kinds of files in the order in which they count', () => {
  const files = {
    'train.sh': 'python scripts/fit.py',
    Dockerfile: 'CMD python main.py',
    'README.md': '`python train.py`',
    Makefile: 'train:\n\tpython -m pkg.train\n',
  }
  expect(hints(files)).toEqual(['src/pkg/train.py', 'train.py', 'main.py', 'scripts/fit.py'])
})

test.each([
  [['--eval'], true],
  [['--mode', 'test'], true],
  [['--mode=predict'], true],
  [['evaluate', '--model', 'x'], true],
  [['--resume', 'x', '-e'], true],
  [['-h'], true],
  [['--mode', 'train'], false],
  [['--lr', '0.1'], false],
  [['train'], false],
  [['--test=false'], false],
  [['--epochs', '3', 'test'], false],
])('%j asks for something else than a training: %s', (args, expected) => {
  expect(evaluates(args)).toBe(expected)
})
