import { afterEach, expect, it } from 'vitest'
import { type AnalysisThread, analysisThread } from '../../src/main/analysis.ts'

const FILES = { read: [{ path: 'train.py', bytes: Buffer.from('x') }], tooLarge: [] }
const HINTS = {}
const open: AnalysisThread[] = []

/** A thread that runs this for each message. */
function thread(body: string, options: { deadlineMs?: number; idleMs?: number; memoryMb?: number } = {}) {
  const code = `
    import { parentPort, threadId } from 'node:worker_threads'
    parentPort.on('message', ({ files, hints }) => { ${body} })`
  const worker = new URL(`data:text/javascript,${encodeURIComponent(code)}`)
  const made = analysisThread(new Uint8Array(), { worker, ...options })
  open.push(made)
  return made
}
const failure = { kind: 'user', code: 'no-python', message: 'No.', remedy: 'Add one.' }

afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

it('answers what the thread found, one repository after the other', async () => {
  const { analyse } = thread('parentPort.postMessage({ analysis: [files.read[0].path, hints.entry] })')
  const found = await Promise.all(['a.py', 'b.py', 'c.py'].map((entry) => analyse(FILES, { entry })))
  expect(found).toEqual([
    ['train.py', 'a.py'],
    ['train.py', 'b.py'],
    ['train.py', 'c.py'],
  ])
})

it('throws the failure that the thread found, and goes on', async () => {
  const { analyse } = thread(`parentPort.postMessage(
    hints.entry ? { analysis: hints.entry } : { failure: ${JSON.stringify(failure)} })`)
  await expect(analyse(FILES, HINTS)).rejects.toMatchObject({ failure })
  expect(await analyse(FILES, { entry: 'a.py' })).toBe('a.py')
})

it('leaves the server its event loop while a source takes long, and gives up at its deadline', async () => {
  const { analyse } = thread("if (!hints.entry) for (;;); parentPort.postMessage({ analysis: 'next' })", {
    deadlineMs: 1000,
  })
  const long = analyse(FILES, HINTS)
  const next = analyse(FILES, { entry: 'a.py' })
  await expect(long).rejects.toMatchObject({
    failure: { kind: 'user', code: 'analysis-too-long', message: expect.stringContaining('more than 1 s') },
  })
  expect(await next).toBe('next')
})

it('ends what is not wanted any more, at once, whether it has its turn or waits for it', async () => {
  const { analyse } = thread("if (!hints.entry) for (;;); parentPort.postMessage({ analysis: 'next' })")
  const [running, waiting] = [new AbortController(), new AbortController()]
  const first = analyse(FILES, HINTS, running.signal)
  const second = analyse(FILES, HINTS, waiting.signal)
  const next = analyse(FILES, { entry: 'a.py' }, new AbortController().signal)
  waiting.abort(new Error('superseded'))
  await expect(second).rejects.toThrow('superseded')
  running.abort(new Error('cancelled'))
  await expect(first).rejects.toThrow('cancelled')
  expect(await next).toBe('next')
  await expect(analyse(FILES, HINTS, AbortSignal.abort(new Error('over')))).rejects.toThrow('over')
})

it('tries again later when the thread broke off, in a new one', async () => {
  const { analyse } = thread(
    "if (!hints.entry) process.exit(1); parentPort.postMessage({ analysis: 'next' })",
  )
  await expect(analyse(FILES, HINTS)).rejects.toMatchObject({
    failure: { kind: 'system', code: 'analysis-ended' },
  })
  expect(await analyse(FILES, { entry: 'a.py' })).toBe('next')
})

it('gives up a source that takes too much memory', async () => {
  const { analyse } = thread('const all = []; for (;;) all.push(new Array(1e5).fill(hints))', {
    memoryMb: 16,
  })
  await expect(analyse(FILES, HINTS)).rejects.toMatchObject({
    failure: { kind: 'user', code: 'analysis-too-long', message: expect.stringContaining('memory') },
  })
})

it('ends an idle thread and starts another', async () => {
  const { analyse } = thread('parentPort.postMessage({ analysis: threadId })', { idleMs: 1 })
  const first = await analyse(FILES, HINTS)
  await expect.poll(() => analyse(FILES, HINTS)).not.toBe(first)
})

it('ends what it was at when it is closed, and takes no more', async () => {
  const { analyse, close } = thread('for (;;);')
  const running = analyse(FILES, HINTS)
  const ended = expect(running).rejects.toMatchObject({ failure: { code: 'analysis-ended' } })
  await new Promise(setImmediate)
  await close()
  await ended
  await expect(analyse(FILES, HINTS)).rejects.toMatchObject({ failure: { code: 'analysis-ended' } })
})
