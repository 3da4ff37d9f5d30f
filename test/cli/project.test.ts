import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { addProject } from '../../src/cli/project.ts'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/main.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-project-'))
  vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})
const config = () => readConfig({ HONE_DATA: folder })

it('makes a project whose trainings may read data', () => {
  addProject(config(), 'cats', { data: ['/srv/cats:/data/cats', 'dogs:/data/dogs'], json: true })
  const store = openStore(config())
  expect(store.projects.byName('cats')?.settings.data).toEqual([
    { source: '/srv/cats', path: '/data/cats' },
    { source: 'dogs', path: '/data/dogs' },
  ])
  store.close()
})

it.each([
  ['/srv/cats', "'/srv/cats' is no data set."],
  ['/srv/cats:/data:ro', "'/srv/cats:/data:ro' is no data set."],
  ['/etc:/data', "settings.data.0.source: '/etc' meets /etc"],
])('takes no --data %s', (data, said) => {
  expect(() => addProject(config(), 'cats', { data: [data] })).toThrow(said)
})
