import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { FAMILIES, FRAMEWORKS, TASKS } from '../../src/domain/detection.ts'

const lines = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.jsonl'))
  .flatMap((name) =>
    readFileSync(join(import.meta.dirname, name), 'utf8')
      .split('\n')
      .filter(Boolean),
  )

/** A single line of a script at most; only a notebook's literal is known by it. */
const shape = {
  file: z.string().min(1).optional(),
  line: z.int().min(1).optional(),
  source: z.string().min(1).max(120).regex(/^.*$/).optional(),
  occurrences: z.int().min(2).optional(),
}
const placed = (mark: { line?: unknown; source?: unknown }) =>
  (mark.line === undefined) !== (mark.source === undefined)

const Found = z
  .strictObject({ ...shape, name: z.string().min(1).max(100), list: z.literal(true).optional() })
  .refine(placed)
const Protected = z
  .strictObject({
    ...shape,
    why: z.string().min(1).max(200),
    literal: z.string().max(100).optional(),
    name: z.string().max(100).optional(),
  })
  .refine(placed)

const Case = z
  .strictObject({
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
    commit: z.string().regex(/^[0-9a-f]{40}$/),
    path: z.string().regex(/^(?!\/)(?!.*\.\.(\/|$)).*$/),
    kind: z.enum(['file', 'folder']),
    framework: z.enum(FRAMEWORKS),
    frameworkAlso: z.array(z.enum(FRAMEWORKS)).optional(),
    family: z.enum(FAMILIES),
    familyAlso: z.array(z.enum(FAMILIES)).optional(),
    task: z.enum(TASKS),
    taskAlso: z.array(z.enum(TASKS)).optional(),
    entry: z.string().min(1).nullable(),
    entryAlso: z.array(z.string().min(1)).optional(),
    python2: z.literal(true).optional(),
    hyperparameters: z.array(Found).max(10),
    protected: z.array(Protected).max(5),
    dead: z.array(Found).optional(),
  })
  .refine(({ kind, entry }) => (kind === 'folder') === (entry !== null))
  .refine(({ kind, path }) => kind === 'folder' || /\.(py|ipynb)$/.test(path))

const cases = lines.map((line) => JSON.parse(line))

it('has labels of a known form, each case once', () => {
  const wrong = cases.flatMap((one) => {
    const { error } = Case.safeParse(one)
    return error ? [`${one.repository} ${one.path}: ${z.prettifyError(error)}`] : []
  })
  expect(wrong).toEqual([])
  const names = cases.map(({ repository, path }) => `${repository}:${path}`)
  expect(new Set(names).size).toBe(names.length)
})

it('has at least 150 cases over all frameworks and families', () => {
  expect(cases.length).toBeGreaterThanOrEqual(150)
  expect(new Set(cases.map(({ framework }) => framework))).toEqual(new Set(FRAMEWORKS))
  const families = new Set(cases.map(({ family }) => family))
  expect(FAMILIES.filter((family) => !families.has(family))).toEqual([])
  expect(cases.filter(({ kind }) => kind === 'folder').length).toBeGreaterThan(50)
  expect(cases.filter(({ path }) => path.endsWith('.ipynb')).length).toBeGreaterThan(30)
})
