import { expect, test } from 'vitest'
import { startContainer } from '../../src/containers/docker-start.ts'
import type { Engine } from '../../src/containers/engine.ts'
import { engineError } from '../../src/containers/errors.ts'

/** An engine that answers a start with these words, and what else it is asked. */
function refusing(words: string) {
  const asked: string[] = []
  const container = {
    start: () => Promise.reject({ statusCode: 500, json: { message: words } }),
    remove: () => Promise.resolve(),
  }
  const engine = {
    docker: { getContainer: () => container },
    ask: (doing: string, call: (signal: AbortSignal) => Promise<unknown>) => {
      asked.push(doing)
      return call(new AbortController().signal).catch((error: unknown) => {
        throw engineError(error, doing)
      })
    },
  } as unknown as Engine
  return { engine, asked }
}

test('removes a container of which a killed engine left half a start, and tells of it', async () => {
  const { engine, asked } = refusing('task cee4a0: already exists')
  await expect(startContainer(engine, 'c')).rejects.toMatchObject({ failure: { code: 'engine-refused' } })
  expect(asked).toEqual(['start container c', 'remove container c'])
})

test('keeps one that did not start for another reason', async () => {
  const { engine, asked } = refusing('exec: "python4": executable file not found in $PATH')
  await expect(startContainer(engine, 'c')).rejects.toMatchObject({ failure: { code: 'engine-refused' } })
  expect(asked).toEqual(['start container c'])
})
