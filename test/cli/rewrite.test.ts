import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RewriteOptions, rewrite } from '../../src/cli/rewrite.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-rewrite-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const NETWORK = [
  'import torch',
  'from torch import nn, optim',
  '',
  'lr = 1e-2  # learning rate',
  '',
  'model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))',
  'optimizer = optim.Adam(model.parameters(), lr=lr)',
  'criterion = nn.CrossEntropyLoss()',
  'for epoch in range(5):',
  '    for x, y in loader:',
  '        optimizer.zero_grad()',
  '        loss = criterion(model(x), y)',
  '        loss.backward()',
  '        optimizer.step()',
  '',
].join('\r\n')

function write(path: string, text: string) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text, 'latin1')
}
const read = (path = 'train.py') => readFileSync(join(folder, path), 'latin1')

async function run(set: string[], options: RewriteOptions = {}, path = 'train.py') {
  const out: Buffer[] = []
  const errors: string[] = []
  const output = {
    out: (bytes: Buffer | string) => out.push(Buffer.from(bytes)),
    error: (text: string) => errors.push(text),
    colour: false,
    columns: 100,
  }
  const code = await rewrite(join(folder, path), { set, ...options }, output)
  return { code, out: Buffer.concat(out).toString('latin1'), error: errors.join('') }
}

describe('hone rewrite', () => {
  it('prints the diff and leaves the file alone', async () => {
    write('train.py', NETWORK)
    const { code, out } = await run(['lr=0.003'])
    expect(code).toBe(0)
    expect(out).toContain('--- a/train.py\n+++ b/train.py\n')
    expect(out).toMatch(/^-lr = 1e-2 {2}# learning rate\r\n\+lr = 3e-3 {2}# learning rate\r$/m)
    expect(out.match(/^[-+](?![-+])/gm)).toHaveLength(2)
    expect(read()).toBe(NETWORK)
  })

  it('changes several at once, with what is tied to them', async () => {
    write('train.py', NETWORK)
    const { code, out } = await run(['lr=0.003', 'epochs=7', 'out_features=64'], { write: true })
    expect({ code, error: '' }).toEqual({ code: 0, error: '' })
    expect(read()).toBe(
      NETWORK.replace('1e-2', '3e-3').replace('range(5)', 'range(7)').replaceAll('128', '64'),
    )
    expect(out).toContain('lr 0.01 -> 0.003  train.py:4\n')
    expect(readdirSync(folder)).toEqual(['train.py'])
  })

  it('says that nothing changes', async () => {
    write('train.py', NETWORK)
    const { code, out, error } = await run(['lr=0.01'], { write: true })
    expect({ code, out }).toEqual({ code: 0, out: '' })
    expect(error).toContain('Nothing changes')
    expect(read()).toBe(NETWORK)
  })

  it('refuses what is unknown or outside of the bounds, shows the line, and changes nothing', async () => {
    write('train.py', NETWORK)
    const unknown = await run(['lrr=0.1'], { write: true })
    expect(unknown.code).toBe(1)
    expect(unknown.error).toContain('Did you mean `lr`?')
    const outside = await run(['epochs=7', 'lr=50'], { write: true })
    expect(outside.code).toBe(1)
    expect(outside.error).toContain('> 4 │ lr = 1e-2  # learning rate')
    expect(read()).toBe(NETWORK)
  })

  it('says what is wrong with a script that cannot be analysed', async () => {
    write('train.py', 'def f(:\n')
    expect(await run(['lr=0.1'])).toMatchObject({ code: 1, error: expect.stringContaining('> 1 │ def f(:') })
  })

  it('rewrites a notebook as JSON that stays as it was', async () => {
    const source = NETWORK.split('\r\n').map((line) => `${line}\n`)
    const notebook = {
      cells: [{ cell_type: 'code', metadata: {}, outputs: [], source }],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    }
    const text = `${JSON.stringify(notebook, null, 1)}\n`
    write('train.ipynb', text)
    expect((await run(['lr=0.003'], { write: true }, 'train.ipynb')).code).toBe(0)
    expect(read('train.ipynb')).toBe(text.replace('lr = 1e-2', 'lr = 3e-3'))
  })

  it.each([
    [[], {}, 'No value was given'],
    [['lr'], {}, 'is no NAME=VALUE'],
    [['lr=1', 'lr=2'], {}, 'two values'],
    [['lr=1'], { diff: true, write: true }, 'exclude each other'],
  ])('refuses %j with %j as a wrong command line', async (set, options, message) => {
    write('train.py', NETWORK)
    await expect(run(set, options)).rejects.toThrow(message)
  })
})
