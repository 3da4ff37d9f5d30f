import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { notebookScript } from '../../src/python/notebook.ts'
import { openSource } from '../../src/python/source.ts'
import { failureOf } from './python.ts'

type Source = string | string[]
const code = (source: Source) => ({ cell_type: 'code', metadata: {}, outputs: [], source })
const notebook = (cells: unknown[], metadata: unknown = {}, indent?: number) =>
  Buffer.from(JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, indent))
const script = (...sources: Source[]) => notebookScript(notebook(sources.map(code)))

describe('cells', () => {
  it('runs code cells in their order, each ended by a newline', () => {
    const cells = [
      code(['import torch\n', 'lr = 0.1']),
      { cell_type: 'markdown', metadata: {}, source: 'lr = 3' },
      { cell_type: 'raw', source: ['x = 1'] },
      code(''),
      code([]),
      code('print(lr)\n'),
    ]
    expect(notebookScript(notebook(cells))).toBe('import torch\nlr = 0.1\nprint(lr)\n')
  })

  it('reads nbformat 3', () => {
    const cells = [
      { cell_type: 'code', input: ['a = 1\n', 'b = 2'], language: 'python' },
      { cell_type: 'code', input: 'x <- 1', language: 'r' },
      { cell_type: 'heading', source: 'c = 3' },
    ]
    const bytes = Buffer.from(
      JSON.stringify({ metadata: { name: '' }, nbformat: 3, worksheets: [{ cells }] }),
    )
    expect(notebookScript(bytes)).toBe('a = 1\nb = 2\n')
  })

  it('does not look at outputs, whatever is in them', () => {
    const output =
      '{"data": {"image/png": "\\"cells\\": [", "deep": [[[[NaN, -Infinity, 1e5, {}]]]]}, "source": "x = 1"}'
    const bytes = Buffer.from(`{"cells": [{"outputs": [${output}], "source": "y = 2", "cell_type": "code"}]}`)
    expect(notebookScript(bytes)).toBe('y = 2\n')
  })

  it('takes a common indentation away, as IPython does', () => {
    expect(script('  a = 1\n  if a:\n      b = 2\n')).toBe('a = 1\nif a:\n    b = 2\n')
  })
})

describe('magics', () => {
  it.each([
    ['%matplotlib inline', '# %matplotlib inline\n'],
    ['if x:\n    !pip install torch\ny = 1', 'if x:\n    pass  # !pip install torch\ny = 1\n'],
    ['!pip install a \\\n  b\nx = 1', '# !pip install a \\\n#   b\nx = 1\n'],
    ['?fit', '# ?fit\n'],
    ['model.fit??', '# model.fit??\n'],
    ['files = !ls data', '# files = !ls data\n'],
    ['t = %timeit -o f()', '# t = %timeit -o f()\n'],
    ['%time history = model.fit(x)', 'history = model.fit(x)\n'],
    ['  %time model.fit(\n  x)', 'model.fit(\nx)\n'],
    ['h = %time model.fit(x)', 'h = model.fit(x)\n'],
    ['pip install torch', '# pip install torch\n'],
    ['timeit -n 5 f(x)', '# timeit -n 5 f(x)\n'],
    ['ls ./data/train/', '# ls ./data/train/\n'],
    ['a, b[0] = %sx ls', '# a, b[0] = %sx ls\n'],
    ['cd /content', '# cd /content\n'],
    ['%%time\nx = 1', '# %%time\nx = 1\n'],
    ['\n%%capture out\n%%time\nx = 1', '\n# %%capture out\n# %%time\nx = 1\n'],
    ['#@title Data\n%%bash\nls\n', '#@title Data\n# %%bash\n# ls\n'],
    ['%%writefile net.py\nlr = 1', '# %%writefile net.py\n# lr = 1\n'],
    ['%%html\n<b>', '# %%html\n# <b>\n'],
  ])('%j', (source, expected) => {
    expect(script(source)).toBe(expected)
  })

  it.each([
    'x = (a\n  % b)',
    's = """\n%d files\n!\n?\n"""',
    "s = '''it's\n%s''' % x",
    'x = a \\\n  % b',
    "s = 'a\\'('\nx = {\n'b': 1}",
    'a != b\nx = [1, # (\n]\ny = a % b',
    'if a != b: pass',
    "print('ok?')  # right?",
    'ls = 3\ncd = ls',
    'run - 1\nrun in cat\nrm if ls else cd\nrun.x()\nrun (1)',
    'print("shape = %s"\n  % x)',
    'f(a, sep = "! = %d")',
    '@decorator\ndef f(): pass',
  ])('leaves %j alone', (source) => {
    expect(script(source)).toBe(`${source}\n`)
  })

  it('knows them again after brackets and texts', () => {
    expect(script('x = ("(", \'"""\', # """ (\n )\n%time y = 1\n')).toBe(
      'x = ("(", \'"""\', # """ (\n )\ny = 1\n',
    )
  })
})

describe('places', () => {
  const text = '{"cells": [\n {"cell_type": "code", "source": [\n  "s = \\"\\u00e9é\\"\\n",\n  "lr = 0.1"]}]}'

  it('are those of the file, through the escapes of JSON', () => {
    const source = openSource('a.ipynb', Buffer.from(text))
    expect(source.text).toBe('s = "éé"\nlr = 0.1\n')
    const find = (part: string) => {
      const at = source.text.indexOf(part)
      const place = source.place(at, at + part.length)
      expect(source.locate(place.start, place.end)).toEqual({ start: at, end: at + part.length })
      return { ...place, bytes: Buffer.from(text).subarray(place.start, place.end).toString() }
    }
    expect(find('0.1')).toMatchObject({ file: 'a.ipynb', line: 4, column: 9, bytes: '0.1' })
    expect(find('"éé"')).toMatchObject({ line: 3, column: 8, bytes: '\\"\\u00e9é\\"' })
    expect(find('\nlr').bytes).toBe('\\n",\n  "lr')
  })

  it('holds for whatever text, as one string and as lines', () => {
    const line = fc.constantFrom(
      'x = 1',
      "s = 'é\\n'",
      '  # "q" \\ 😀',
      'y = "\u2028\\u00e9"',
      '',
      'z = 0.1\t',
    )
    fc.assert(
      fc.property(
        fc.array(fc.array(line, { maxLength: 5 }), { maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('\n', '\r\n'),
        (cells, asLines, ascii, newline) => {
          const sources = cells.map((lines) => {
            const rows = ['if a:', ...lines].map((row) => row + newline)
            return code(asLines ? rows : rows.join(''))
          })
          const json = notebook(sources, {}, asLines ? 1 : undefined).toString()
          const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
          const bytes = Buffer.from(
            ascii ? json.replaceAll(/\P{ASCII}/gu, (c) => c.split('').map(escaped).join('')) : json,
          )
          const source = openSource('a.ipynb', bytes)
          expect(source.problem).toBeNull()
          expect(source.text).toBe(cells.map((lines) => ['if a:', ...lines, ''].join(newline)).join(''))
          for (let at = 0; at < source.text.length; at++) {
            if (/[\udc00-\udfff]/.test(source.text[at] ?? '')) continue
            const unit = String.fromCodePoint(source.text.codePointAt(at) ?? 0)
            const { start, end } = source.place(at, at + unit.length)
            expect(JSON.parse(`"${bytes.subarray(start, end).toString()}"`)).toBe(unit)
            expect(source.locate(start, end)).toEqual({ start: at, end: at + unit.length })
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('skips what the notebook does not hold', () => {
    const bytes = notebook([code('if a:\n    %time fit(lr=0.1)\nx = 2'), code('y = 3')])
    const source = openSource('a.ipynb', bytes)
    for (const part of ['0.1', '2', '3', 'fit', 'x', 'y']) {
      const at = source.text.indexOf(part)
      const { start, end } = source.place(at, at + part.length)
      expect(bytes.subarray(start, end).toString()).toBe(part)
      expect(source.locate(start, end)).toEqual({ start: at, end: at + part.length })
    }
  })
})

describe('what is no notebook of Python', () => {
  it.each([
    ['nothing', '', 1],
    ['no JSON', 'import torch\n', 1],
    ['a list', '[1]', 1],
    ['no cells', '{"metadata": {}}', 1],
    ['a conflict of git', '{"cells": [\n<<<<<<< HEAD\n1]}', 2],
    ['a text that does not end', '{"cells": [\n{"source": "x = 1\n}]}', 2],
    ['an escape that is none', '{"cells": [\n{"cell_type": "code",\n"source": "\\x"}]}', 3],
    ['something after the end', '{"cells": []}\n}', 2],
    ['too many levels', `{"cells": ${'['.repeat(100_000)}`, 1],
    ['an end that is missing', '{"cells": [1,', 1],
  ])('%s', (_, text, line) => {
    const { failure } = openSource('a.ipynb', Buffer.from(text)).problem ?? {}
    expect(failure).toMatchObject({ code: 'notebook-broken', kind: 'user', file: 'a.ipynb', line })
    expect(failureOf(() => notebookScript(Buffer.from(text))).code).toBe('notebook-broken')
  })

  it.each([
    [{ kernelspec: { language: 'R' } }, 'notebook-language'],
    [{ kernelspec: { display_name: 'x' }, language_info: { name: 'julia' } }, 'notebook-language'],
    [{ kernelspec: { language: 'python' }, language_info: { name: 'python', version: '3.11' } }, undefined],
    [{ kernelspec: { name: 'python3' }, colab: { provenance: [] } }, undefined],
    [{ language_info: { name: 'ipython' } }, undefined],
    [{ language_info: { name: '' } }, undefined],
  ])('tells the language from %j', (metadata, expected) => {
    const source = openSource('a.ipynb', notebook([code('x = 1')], metadata))
    expect(source.problem?.failure.code).toBe(expected)
  })

  it('bounds the code, not the outputs', () => {
    const outputs = [{ data: 'x'.repeat(3 * 2 ** 20) }]
    expect(openSource('a.ipynb', notebook([{ ...code('x = 1'), outputs }])).text).toBe('x = 1\n')
    const problemOf = (source: string) =>
      openSource('a.ipynb', notebook([code(source)])).problem?.failure.code
    expect(problemOf('x'.repeat(2 ** 20 + 1))).toBe('source-too-large')
    expect(problemOf('\n'.repeat(50_001))).toBe('source-too-long')
    expect(problemOf('x = "\0"')).toBe('source-nul')
    expect(openSource('a.ipynb', Buffer.from([0x7b, 0xff])).problem?.failure.code).toBe('source-encoding')
  })
})
