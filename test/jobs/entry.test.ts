import { describe, expect, it } from 'vitest'
import { placeInEntry, scriptArchive, scriptOf, startOf, workdirOf } from '../../jobs/train/entry.ts'
import { unpackFiles } from '../../src/containers/fake-files.ts'

const launcher = ['python3', '-m', '_hone']

/** As Jupyter saves it, one line of JSON for each line of a cell. */
const aNotebook = (...cells: string[][]) =>
  Buffer.from(
    JSON.stringify(
      {
        cells: cells.map((source) => ({
          cell_type: 'code',
          metadata: {},
          outputs: [],
          source: source.map((line, index) => (index < source.length - 1 ? `${line}\n` : line)),
        })),
        metadata: { kernelspec: { language: 'python' } },
        nbformat: 4,
      },
      null,
      1,
    ),
  )

describe('a script', () => {
  it('runs as it is, in the root of the repository', () => {
    expect(startOf({ entry: 'src/train.py', args: ['--lr', '1'] }, launcher)).toEqual({
      command: ['python3', '-m', '_hone', 'src/train.py', '--lr', '1'],
      workdir: '/workspace',
      env: { HONE_WORKSPACE: '/workspace' },
    })
  })

  it('keeps its places', async () => {
    const place = { file: 'src/train.py', line: 3 }
    expect(await placeInEntry(place, 'src/train.py', () => Promise.reject(new Error('not read')))).toBe(place)
  })
})

describe('a notebook', () => {
  const entry = 'notebooks/my model.ipynb'
  const content = aNotebook(['%matplotlib inline', 'import os'], ['x = 1', 'y = x / 0'])

  it('runs as a hidden script beside it, in its own folder', () => {
    expect(startOf({ entry, args: ['--fast'] }, launcher)).toEqual({
      command: ['python3', '-m', '_hone', '.hone-my_model.py', '--fast'],
      workdir: '/workspace/notebooks',
      env: { HONE_WORKSPACE: '/workspace', HONE_NOTEBOOK: entry },
    })
    expect(workdirOf('train.ipynb')).toBe('/workspace')
    expect(scriptOf('train.ipynb')).toBe('.hone-train.py')
  })

  it('comes as the code of its cells', async () => {
    const files = await unpackFiles(scriptArchive(entry, content), '/workspace')
    expect([...files.keys()]).toEqual(['/workspace/notebooks/.hone-my_model.py'])
    const [script] = files.values()
    expect(String(script)).toMatch(/^# %matplotlib inline\nimport os\nx = 1\ny = x \/ 0\n/)
  })

  it('is named where its script fails, with the line in the notebook', async () => {
    const read = async () => content
    const lines = content.toString().split('\n')
    const place = await placeInEntry({ file: scriptOf(entry), line: 4 }, entry, read)
    expect(place.file).toBe(entry)
    expect(lines[(place.line ?? 0) - 1]).toContain('y = x / 0')
    const other = { file: 'helpers.py', line: 4 }
    expect(await placeInEntry(other, entry, read)).toBe(other)
    expect(await placeInEntry({ file: scriptOf(entry), line: null }, entry, read)).toMatchObject({
      file: entry,
    })
  })
})
