import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureTestImage, uniqueInstance } from '../helpers/docker.ts'
import { packageIndex } from '../helpers/package-index.ts'
import { pushTo } from '../helpers/push.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

/** Only here, so that the layer is nobody else's. */
const own = uniqueInstance().replace('test-', 'own-')
const module = own.replaceAll('-', '_')
const TRAIN = `import os
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier

x, y = load_digits(return_X_y=True)
model = SGDClassifier(alpha=0.001, random_state=0).fit(x[:1000], y[:1000])
print('interfaces', *sorted(os.listdir('/sys/class/net')))
print('Test accuracy:', model.score(x[1000:], y[1000:]))
`

let server: TestServer
let index: Awaited<ReturnType<typeof packageIndex>>
beforeAll(async () => {
  index = await packageIndex([{ name: own, version: '1.2' }])
  server = await testServer()
})
afterAll(async () => {
  await server.dispose()
  index.close()
  const docker = new Docker()
  for (const { Id } of await docker.listImages({ filters: { label: ['hone.image'] } })) {
    const { Config } = await docker.getImage(Id).inspect()
    const texts = [...Object.values(Config.Labels ?? {}), ...(Config.Env ?? [])]
    if (texts.some((text) => text.includes(own))) await docker.getImage(Id).remove({ force: true })
  }
})

let pushed = 0
async function push(files: Record<string, string>) {
  const settings = { target: 0.5, trials: 1, confirm: 0, keepImage: false }
  const project = await server.createProject(`needs-${pushed++}`, settings)
  const { runId } = await pushTo(project.gitRemote, project.pushToken, { 'train.py': TRAIN, ...files })
  return runId
}
async function trained(files: Record<string, string>) {
  const run = await server.ended(await push(files))
  const attempt = run.trials[0]?.attempts[0]
  const log = attempt ? await server.api<string>(`/attempts/${attempt.id}/log`) : ''
  return { run, log, detection: run.detection, failure: run.conclusion?.failure }
}

describe('a pushed repository', () => {
  it('trains with the packages of its requirements.txt, and without a network', async () => {
    const runId = await push({
      'train.py': `import ${module}\nprint('version', ${module}.version)\n${TRAIN}`,
      'requirements.txt': `scikit-learn\n${own}>=1\n${index.options.join('\n')}\n`,
    })
    await server.event(
      runId,
      ({ type, data }) =>
        type === 'progress' && /^image sklearn with requirements\.txt: step \d+/.test(String(data.text)),
    )
    const run = await server.ended(runId)
    expect(run).toMatchObject({
      state: 'succeeded',
      detection: {
        image: { name: 'sklearn', packages: [{ text: `${own}>=1`, file: 'requirements.txt', line: 2 }] },
        network: { on: false, set: false, evidence: [] },
      },
    })
    const log = await server.api<string>(`/attempts/${run.trials[0]?.attempts[0]?.id}/log`)
    expect(log).toContain('version 1.2')
    expect(log).toMatch(/interfaces lo$/m)
  })

  it('has a network where it asks for one', async () => {
    const fetches =
      "import urllib.request\nif len(x) == 0:\n    urllib.request.urlopen('https://example.org')\n"
    const { log, detection } = await trained({ 'train.py': TRAIN + fetches })
    expect(detection?.network).toMatchObject({ on: true, evidence: [{ file: 'train.py', line: 11 }] })
    expect(log).toMatch(/interfaces eth0 lo$/m)
  })

  it('that imports what nothing installs is told before it trains', async () => {
    const { run, failure } = await trained({ 'train.py': `import os\nimport einops\n${TRAIN}` })
    expect(run).toMatchObject({ state: 'failed', trials: [] })
    expect(failure).toMatchObject({
      ...{ code: 'missing-package', file: 'train.py', line: 2 },
      remedy: 'Add the line `einops` to requirements.txt, and push again.',
    })
  })

  it('trains in the image of its own Dockerfile', async () => {
    const sklearn = await ensureTestImage('sklearn')
    const { run, log, detection } = await trained({
      Dockerfile: `FROM ${sklearn}\nUSER root\nCOPY lib /opt/lib\nENV PYTHONPATH=/opt/lib OWN=${own}\n`,
      'lib/greeting.py': "text = 'hello from the image'\n",
      'train.py': `import greeting\nprint(greeting.text)\n${TRAIN}`,
    })
    expect(run.state).toBe('succeeded')
    expect(detection?.image).toMatchObject({ name: 'Dockerfile', packages: [] })
    expect(log).toContain('hello from the image')
  })

  it('whose Dockerfile fails is told the end of its output', async () => {
    const { failure } = await trained({
      Dockerfile: `FROM ${await ensureTestImage('base')}\nRUN echo ${own} cannot go on && false\n`,
    })
    expect(failure).toMatchObject({
      ...{ kind: 'user', code: 'dockerfile-build', file: 'Dockerfile' },
      detail: expect.stringContaining(`${own} cannot go on`),
    })
  })
})
