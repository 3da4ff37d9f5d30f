/** Signed webhooks as GitHub sends them, at their due time whatever became of the earlier ones. */
import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { root } from '../server.mjs'

const sample = JSON.parse(readFileSync(join(root, 'test', 'fixtures', 'github', 'push.json'), 'utf8'))
// Each delivery of GitHub's comes over a connection of its own.
const agent = new Agent({ keepAlive: false })

/** A push event of some kilobytes: GitHub lists up to 20 commits in one. */
export function payloadOf(project, push, random) {
  const commit = { ...sample.head_commit, id: push.sha, message: `Try ${push.number}` }
  const commits = Array.from({ length: 1 + Math.floor(20 * random() ** 3) }, () => commit)
  return Buffer.from(
    JSON.stringify({
      ...sample,
      ref: push.ref,
      before: push.before,
      after: push.sha,
      repository: { ...sample.repository, name: project, full_name: `ada/${project}` },
      commits,
      head_commit: commit,
    }),
  )
}

/**
 * When what is sent: every push once; every tenth once more with the same delivery id, every tenth once more with another
 * id, and every twentieth changes places with its successor on the branch.
 * @returns by time, ms from the beginning
 */
export function schedule(projects, lastsMs, random) {
  const deliveries = []
  for (const project of projects) {
    const due = new Map()
    for (const push of project.pushes) {
      const times = due.get(push.ref) ?? []
      due.set(push.ref, times)
      times.push(random() * lastsMs)
    }
    for (const times of due.values()) times.sort((a, b) => a - b)
    for (const times of due.values()) {
      for (let at = 0; at + 1 < times.length; at++) {
        if (random() < 0.05) [times[at], times[at + 1]] = [times[at + 1], times[at]]
      }
    }
    for (const push of project.pushes) {
      const first = { project, push, id: randomUUID(), at: due.get(push.ref)[push.number], kind: 'first' }
      const again = () => first.at + random() * (lastsMs - first.at)
      first.body = payloadOf(project.name, push, random)
      deliveries.push(first)
      if (random() < 0.1) deliveries.push({ ...first, at: again(), kind: 'same delivery' })
      if (random() < 0.1) deliveries.push({ ...first, id: randomUUID(), at: again(), kind: 'same commit' })
    }
  }
  return deliveries.sort((a, b) => a.at - b.at)
}

/** @returns the status and the answer, or the error; it never rejects */
export function send(url, { project, id, body }) {
  const signature = `sha256=${createHmac('sha256', project.secret).update(body).digest('hex')}`
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-event': 'push',
    'x-github-delivery': id,
    'x-hub-signature-256': signature,
  }
  return new Promise((resolve) => {
    const outgoing = request(`${url}/webhooks/${project.name}`, { method: 'POST', headers, agent })
    outgoing.once('error', (error) => resolve({ status: 0, answer: String(error) }))
    outgoing.once('response', async (response) => {
      let text = ''
      for await (const chunk of response.setEncoding('utf8')) text += chunk
      resolve({ status: response.statusCode, answer: text })
    })
    outgoing.end(body)
  })
}
