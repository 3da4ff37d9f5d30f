import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { load } from './load.ts'

const { task, withProgress } = await load('task')
const { countTests } = await load('results')

beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
afterEach(() => void vi.restoreAllMocks())

/** The log of a failed step stays for the person; not that of a test. */
async function failureOf(step: Promise<unknown>) {
  const error = await step.then(
    () => null,
    (problem: Error) => problem,
  )
  const log = /in (\/.*output\.log)$/.exec(error?.message ?? '')?.[1]
  if (log) rmSync(dirname(log), { recursive: true })
  return error
}

const script = (code: string) => ['-e', code]

it('a failed step shows the end of its output, the command and what to do', async () => {
  const program = script('for (let i = 0; i < 40; i++) console.log(i); process.exit(4)')
  expect(await failureOf(task('a step', process.execPath, program, { remedy: ['try again'] }))).toMatchObject(
    {
      message: expect.stringMatching(/failed \(exit code 4\); its whole output is in .*output\.log$/),
      detail: expect.stringMatching(/^15\n[\s\S]*\n39$/),
      remedy: ['try again'],
    },
  )
})

it('a long step says now and then how long it takes and how far it is', async () => {
  vi.useFakeTimers()
  let finish = () => {}
  const work = () =>
    new Promise<void>((resolve) => {
      finish = resolve
    })
  const step = withProgress('a step', work, () => '3 of 9 packages are there')
  await vi.advanceTimersByTimeAsync(15_000)
  finish()
  await step
  vi.useRealTimers()
  const said = vi.mocked(process.stderr.write).mock.calls.map(([text]) => String(text))
  expect(said.join('')).toContain('a step ... 15 s, 3 of 9 packages are there')
})

it('an allowed exit code is an answer', async () => {
  const program = script('process.stderr.write("none"); process.exit(3)')
  expect(await task('a step', process.execPath, program, { allow: [3] })).toEqual({ code: 3, output: 'none' })
})

it('a program that is not there fails in words', async () => {
  expect((await failureOf(task('a step', '/nowhere/tool', [])))?.message).toMatch(/ENOENT/)
})

it('counts tests; a file that broke outside of its tests counts as one failed', () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 4,
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  }
  expect(countTests(report)).toEqual({ passed: 5, failed: 2, skipped: 4 })
})
