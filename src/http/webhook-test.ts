import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import type { Project } from '../domain/project.ts'
import type { Store } from '../store/store.ts'
import type { WebhookTestView } from './contract/overview.ts'
import { sign } from './signature.ts'

/** GitHub gives up after ten seconds, too. */
const WITHIN_MS = 10_000

const PRIVATE_V4 =
  /^(?:0|10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./
const PRIVATE_V6 = /^\[(?:::1?|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*|::ffff:.*)\]$/
const LOCAL_NAME = /^(?:localhost|[^.]+|.*\.(?:localhost|local|internal|lan|home\.arpa))\.?$/

/** Whether an address names this machine or a private network, where GitHub cannot reach it. Pure. */
export function isLocalOnly(address: string): boolean {
  const { hostname } = new URL(address)
  if (isIP(hostname) === 4) return PRIVATE_V4.test(`${hostname}.`)
  return hostname.startsWith('[') ? PRIVATE_V6.test(hostname) : LOCAL_NAME.test(hostname)
}

const CAUSES: Record<string, string> = {
  ENOTFOUND: 'its name is not known to the DNS server of this machine',
  EAI_AGAIN: 'the DNS server of this machine does not answer',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  UND_ERR_CONNECT_TIMEOUT: 'nothing answered in time',
  TimeoutError: 'nothing answered within 10 seconds',
}

/** Why a request got no answer, in words. Pure. */
export function causeOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } }
  const code = cause?.code ?? name
  if (/CERT|SIGNED|TLS|SSL/.test(code)) return `its certificate is not trusted here (${code})`
  return CAUSES[code] ?? cause?.message ?? message
}

type Verdict = Pick<WebhookTestView, 'outcome' | 'message' | 'remedy'>

/** What an answer to the ping means. @param arrived whether this server has taken the ping. Pure. */
export function verdictOf(status: number, arrived: boolean): Verdict {
  if (arrived)
    return { outcome: 'reached', message: 'The test arrived, and its signature is right.', remedy: null }
  if (status >= 300 && status < 400)
    return {
      outcome: 'refused',
      message: `The address answers with a redirect (${status}), which GitHub does not follow.`,
      remedy: 'Set HONE_URL to the address that it leads to, for example with https.',
    }
  if (status >= 200 && status < 300)
    return {
      outcome: 'refused',
      message: `Something else answers there (${status}): the test did not arrive here.`,
      remedy: 'Set HONE_URL to the address that leads to this server.',
    }
  return {
    outcome: 'refused',
    message: `The test was answered with ${status} and did not arrive.`,
    remedy:
      status === 401
        ? 'Another Hone answers there, or a proxy asks for a login: let `/webhooks/` through without one.'
        : 'Look at the proxy in front of Hone: it has to pass `/webhooks/` on as it comes.',
  }
}

const LOCAL = 'GitHub cannot reach it there: it is an address of this machine or network only'
const OPEN =
  'For webhooks from GitHub, make Hone reachable from the internet and set HONE_URL to that address; or make a project without a repository address and push to Hone’s own git remote, which needs none of it.'

/** Sends a signed ping as GitHub does to the project's public webhook address. Never throws for what comes back. */
export async function testWebhook(store: Store, project: Project, base: string): Promise<WebhookTestView> {
  const url = `${base}/webhooks/${project.name}`
  const local = isLocalOnly(url)
  const verdict = await ping(store, project, url)
  if (!local || verdict.outcome !== 'reached') return { url, local, ...verdict }
  return { url, local, outcome: 'reached', message: `${verdict.message} But ${LOCAL}.`, remedy: OPEN }
}

async function ping(store: Store, project: Project, url: string): Promise<Verdict> {
  const deliveryId = randomUUID()
  const body = Buffer.from(
    JSON.stringify({ zen: 'A test that Hone sent to itself.', hook: { type: 'Repository' } }),
  )
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Hone-Test',
        'x-github-event': 'ping',
        'x-github-delivery': deliveryId,
        'x-hub-signature-256': sign(project.secret, body),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(WITHIN_MS),
    })
    await response.body?.cancel()
    return verdictOf(response.status, store.deliveries.byDeliveryId(project.id, deliveryId) !== null)
  } catch (error) {
    return {
      outcome: 'unreachable',
      message: `${url} cannot be reached from here: ${causeOf(error)}.`,
      remedy: 'Check HONE_URL, the proxy and the firewall; then test again.',
    }
  }
}
