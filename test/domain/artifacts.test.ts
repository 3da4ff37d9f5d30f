import { describe, expect, it, test } from 'vitest'
import { areInTheWay, artifactName, chosenArtifacts } from '../../src/domain/artifacts.ts'

describe('what is kept', () => {
  const written = [
    ...['checkpoints/epoch-1.pt', 'checkpoints/epoch-10.pt', 'checkpoints/epoch-2.pt', 'best.pt'],
    ...['plots/loss.png', 'plots/b.png', 'log.txt', 'train.py', '.hone-train.py', 'results.csv'],
  ]
  it('is the models, those without a number first, then the highest numbers', () => {
    expect(chosenArtifacts(written, [])).toEqual([
      'best.pt',
      'checkpoints/epoch-10.pt',
      'checkpoints/epoch-2.pt',
      'checkpoints/epoch-1.pt',
    ])
  })

  it('is before them what is listed, in its order, and nothing twice', () => {
    expect(chosenArtifacts(written, ['*.csv', 'plots', '**/epoch-2.*']).slice(0, 5)).toEqual([
      'results.csv',
      'plots/b.png',
      'plots/loss.png',
      'checkpoints/epoch-2.pt',
      'best.pt',
    ])
  })

  it("is never Hone's own script", () => {
    expect(chosenArtifacts(written, ['**'])).not.toContain('.hone-train.py')
  })
})

test.each([
  ['model.pt', 'model.pt'],
  ['runs/1/best.pt', 'runs/1/best.pt'],
  ['../../etc/x.pt', 'etc/x.pt'],
  ['.hidden/..m.h5', 'hidden/m.h5'],
  ['a\nb c.pt', 'a-b-c.pt'],
  ['größe/Übung.png', 'größe/Übung.png'],
  ['C:\\x.pt', 'C--x.pt'],
  ['...', 'file'],
  [`${'x'.repeat(300)}.pt`, `${'x'.repeat(77)}.pt`],
])('%j is kept as %s', (path, name) => expect(artifactName(path)).toBe(name))

test.each([
  ['a.pt', 'a.pt', true],
  ['a', 'a/b.pt', true],
  ['a/b.pt', 'a', true],
  ['a', 'ab', false],
])('%s is in the way of %s: %s', (a, b, are) => expect(areInTheWay(a, b)).toBe(are))
