import { describe, expect, it } from 'vitest'
import { BuildOutput, messages } from '../../src/images/build-output.ts'

describe('the output of a build', () => {
  it('tells of each step once, shortened', () => {
    const output = new BuildOutput('sklearn')
    expect(output.add({ stream: 'Step 2/5 : RUN apt-get   update\n' })).toBe(
      'image sklearn: step 2 of 5: RUN apt-get update',
    )
    expect(output.add({ stream: ' ---> Running in 1\n' })).toBeNull()
    expect(output.add({ stream: `Step 3/5 : RUN ${'x'.repeat(300)}\n` })).toMatch(/^.{100,140}…$/)
  })

  it('says how far it is', () => {
    const output = new BuildOutput('keras')
    expect(output.heartbeat(3.4)).toBe('image keras: starting, 3 s so far: ')
    output.add({ stream: 'Step 1/2 : RUN pip install x\n' })
    output.add({ stream: 'Collecting a\r\nCollecting b\n' })
    expect(output.heartbeat(20)).toBe('image keras: step 1 of 2, 20 s so far: Collecting b')
  })

  it('knows the container that a step runs in', () => {
    const output = new BuildOutput('keras')
    expect(output.container).toBeNull()
    output.add({ stream: 'Step 2/5 : RUN apt-get update\n ---> Running in 0123456789ab\n' })
    output.add({ stream: 'Get:1 somewhere\n' })
    expect(output.container).toBe('0123456789ab')
    output.add({ stream: 'Removing intermediate container 0123456789ab\n' })
    output.add({ stream: 'Removed intermediate container 0123456789ab\n' })
    expect(output.container).toBeNull()
  })

  it('keeps its last lines and the error', () => {
    const output = new BuildOutput('x')
    for (let line = 0; line < 40; line++) output.add({ stream: `line ${line}\n` })
    expect(output.error).toBeNull()
    expect(output.code).toBeNull()
    output.add({ stream: '\u001b[91mred\u001b[0m\n' })
    output.add({ error: 'short', errorDetail: { code: 1, message: 'returned a non-zero code: 1' } })
    expect(output.error).toBe('returned a non-zero code: 1')
    expect(output.code).toBe(1)
    expect(output.tail.split('\n')).toEqual([
      ...Array.from({ length: 24 }, (_, index) => `line ${index + 16}`),
      'red',
      'returned a non-zero code: 1',
    ])
  })
})

it('takes the stream of messages apart, however it is cut', async () => {
  const data = Buffer.from('{"stream":"grün"}\r\n{"status":"b"}\n{"error":"c"}')
  for (const size of [1, 3, 1000]) {
    const pieces = (async function* () {
      for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size)
    })()
    const found = []
    for await (const message of messages(pieces)) found.push(message)
    expect(found).toEqual([{ stream: 'grün' }, { status: 'b' }, { error: 'c' }])
  }
})

it('keeps no more of a line, or of an error, than the longest that a tool prints', () => {
  const output = new BuildOutput('x')
  output.add({ stream: `${'a'.repeat(300_000)}\n` })
  output.add({ error: 'b'.repeat(300_000) })
  expect(output.tail.length).toBe(2 * 64 * 1024 + 1)
})
