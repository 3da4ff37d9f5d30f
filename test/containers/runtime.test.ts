import { join } from 'node:path'
import { extract, type Header } from 'tar-stream'
import { expect, it } from 'vitest'
import { EVENTS_PATH, runtimeArchive, runtimeEnv } from '../../src/containers/runtime.ts'
import { packageRoot } from '../../src/paths.ts'

it('packs the runtime where Python finds it, and the folder that it writes to', async () => {
  const entries: Header[] = []
  for await (const entry of runtimeArchive(join(packageRoot, 'docker', 'runtime')).pipe(extract())) {
    entries.push(entry.header)
    entry.resume()
  }
  const names = entries.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['opt/hone/sitecustomize.py', 'opt/hone/_hone/__init__.py']))
  const others = names.filter((name) => !/^opt\/hone\/_hone\/\w+\.py$/.test(name))
  expect(others.toSorted()).toEqual([
    'checkpoints/',
    'opt/hone/cache/',
    'opt/hone/run/',
    'opt/hone/sitecustomize.py',
    'workspace/',
  ])
  for (const folder of entries.filter(({ type }) => type === 'directory'))
    expect(folder).toMatchObject({ uid: 1000, gid: 1000 })
  expect(runtimeEnv.PYTHONPATH).toBe('/opt/hone')
  expect(runtimeEnv.HONE_EVENTS).toBe(EVENTS_PATH)
  expect(EVENTS_PATH).toBe('/opt/hone/run/events.jsonl')
})
