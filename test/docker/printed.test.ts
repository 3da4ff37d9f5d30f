import { afterAll, beforeAll, expect, it } from 'vitest'
import { runtimeRunner } from '../helpers/under-runtime.ts'

const { run, prepare, dispose } = runtimeRunner()
beforeAll(prepare)
afterAll(dispose)

it('the last lines that a process printed are kept in a file, in their order, whatever its threads and children print', async () => {
  const script = [
    'import os, sys, threading, warnings',
    'warnings.simplefilter("ignore")',
    'def chat():',
    '    for line in range(6000): print(f"a thread {line}: " + "x" * 30)',
    'threads = [threading.Thread(target=chat) for _ in range(4)]',
    'for thread in threads: thread.start()',
    'for thread in threads: thread.join()',
    'for epoch in range(20_000):',
    '    print(f"epoch {epoch}: " + "x" * 30, file=sys.stderr if epoch % 2 else sys.stdout)',
    'if os.fork() == 0:',
    '    for line in range(20_000): print(f"a child {line}: " + "x" * 30)',
    '    os._exit(0)',
    'os.wait()',
    'print("no line", end="")',
  ].join('\n')
  const { kept, events } = await run({ 'train.py': script })
  expect(events.filter(({ type }) => type === 'warning')).toEqual([])
  expect(kept.at(-1)?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
  const last = (_: unknown, back: number) => `epoch ${20_000 - kept.length + back}: ${'x'.repeat(30)}`
  expect(kept.map(({ text }) => text)).toEqual(kept.map(last))
  expect(kept.length).toBeGreaterThan((256 * 1024) / 80)
})
