/**
 * The post-receive hook of Hone's own git remote, as a program of its own: tells the server which refs were pushed,
 * and prints its answer, which git shows to the person who pushes.
 */
import { request } from 'node:http'

const { HONE_HOOK_URL, HONE_HOOK_TOKEN } = process.env
const TIMEOUT_MS = 30_000

const read = async (stream) => {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const post = (url, body) =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${HONE_HOOK_TOKEN}`, 'content-type': 'application/json' }
    request(url, { method: 'POST', headers, timeout: TIMEOUT_MS, agent: false })
      .on('response', (response) => {
        read(response).then((text) => resolve({ status: response.statusCode, text }), reject)
      })
      .on('timeout', function () {
        this.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`))
      })
      .on('error', reject)
      .end(body)
  })

const updates = (await read(process.stdin))
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [before, after, ...ref] = line.split(' ')
    return { before, after, ref: ref.join(' ') }
  })

try {
  const { status, text } = await post(HONE_HOOK_URL, JSON.stringify({ updates }))
  if (status !== 200) throw new Error(`it answered ${status}: ${text.slice(0, 500)}`)
  for (const line of JSON.parse(text).lines) console.log(line)
} catch (error) {
  console.log(
    'Hone: your commits are stored, but the server could not record the push, so there is no run yet.',
  )
  console.log(`Hone: ${error.message || error.code}`)
  console.log('Hone: the run is made when the server starts the next time; or push another commit.')
}
