/** What an open page of the dashboard reads: the live stream, and the log as it grows. */
import { Agent, get } from 'node:http'

// One connection for the stream and one for the questions, as a browser's page has them.
const agent = () => new Agent({ keepAlive: true, maxSockets: 1 })

/**
 * Opens a run's live stream.
 * @param on `event(id, type, data)` of each event in order, `log(notice)` of each notice, `close()`
 * @returns a function that leaves
 */
export function follow(server, runId, after, on) {
  const request = get(`${server.url}/api/v1/runs/${runId}/events?after=${after}`, {
    headers: server.headers,
    agent: agent(),
  })
  request.once('error', () => on.close?.())
  request.once('response', (response) => {
    let text = ''
    response.once('close', () => on.close?.())
    response.on('error', () => {})
    response.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
      const messages = text.split('\n\n')
      text = messages.pop()
      for (const message of messages) take(message, on)
    })
    on.open?.(response)
  })
  return () => request.destroy()
}

function take(message, on) {
  const fields = Object.fromEntries(message.split('\n').map((line) => line.split(/: ?(.*)/s, 2)))
  if (fields.event === 'log') on.log?.(JSON.parse(fields.data))
  else if (fields.id !== undefined) on.event?.(Number(fields.id), fields.event, fields.data)
}

/**
 * Reads an attempt's log at each notice, one question at a time, as the page does.
 * @param take gets each piece of text
 * @returns a function to be called with each notice
 */
export function logFollower(server, attemptId, take) {
  const own = agent()
  let offset = 0
  let reading = false
  let again = false
  const read = async () => {
    if (reading) {
      again = true
      return
    }
    reading = true
    for (let grown = true; grown || again; ) {
      again = false
      const { text, next } = await piece(own, server, attemptId, offset)
      grown = next > offset
      offset = next
      take(text)
    }
    reading = false
  }
  return () => void read().catch(() => {})
}

function piece(own, server, attemptId, offset) {
  return new Promise((resolve, reject) => {
    const path = `${server.url}/api/v1/attempts/${attemptId}/log?offset=${offset}`
    get(path, { headers: server.headers, agent: own }, async (response) => {
      const chunks = []
      for await (const chunk of response) chunks.push(chunk)
      resolve({ text: Buffer.concat(chunks).toString(), next: Number(response.headers['x-next-offset']) })
    }).once('error', reject)
  })
}
