import { readFile } from 'node:fs/promises'
import { describe, expect, it, vi } from 'vitest'
import { DeliveryView, HealthView, MailView } from '../../src/http/contract.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()

describe('mails', () => {
  it('are shown with their pictures, which are no files of theirs', async () => {
    const { run } = api.full()
    const about = { runId: run.id, kind: 'other', messageId: '<picture@hone>', to: 'ada@example.org' }
    const picture = { filename: 'chart.png', contentType: 'image/png', content: 'iVBORw0=', cid: 'c@hone' }
    const html = '<img src="cid:c@hone" alt="A chart"><img src="cid:other">'
    api.hone.store.mails.insert({ ...about, subject: '', text: '', html, attachments: [picture] })
    const [mail] = MailView.array().parse(await (await api.get(`/mails?run=${run.id}`)).json())
    expect(mail?.attachments).toEqual([])
    const page = await api.get(`/mails/${mail?.id}/html`)
    expect(page.headers.get('content-security-policy')).toContain('img-src data:')
    expect(await page.text()).toBe(
      '<img src="data:image/png;base64,iVBORw0=" alt="A chart"><img src="cid:other">',
    )
  })

  it('are listed and shown; their HTML cannot run anything', async () => {
    const { run } = api.full()
    const [mail] = MailView.array().parse(await (await api.get(`/mails?run=${run.id}`)).json())
    expect(mail).toMatchObject({ to: 'ada@example.org', attachments: ['best.diff'] })
    expect(MailView.parse(await (await api.get(`/mails/${mail?.id}`)).json())).toEqual(mail)
    const html = await api.get(`/mails/${mail?.id}/html`)
    expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(html.headers.get('content-security-policy')).toMatch(/^sandbox [a-z -]*; default-src 'none'/)
    expect(await html.text()).toContain('<b>0.75</b>')
    await errorOf(api.get('/mails/999999'), 404)
    await errorOf(api.get('/mails/999999/html'), 404)
  })

  it('that were given up are sent again when asked for, and sent ones are not', async () => {
    const { run } = api.full()
    const { mails } = api.hone.store
    const [mail] = mails.list({ runId: run.id })
    if (!mail) throw new Error('no mail')
    mails.markRefused(mail, 'No such user', null)
    const path = `/mails/${mail.id}/send`
    expect(await (await api.get(`/mails/${mail.id}`)).json()).toMatchObject({ state: 'failed' })
    const sendMails = vi.spyOn(api.hone.deps.actions, 'sendMails')
    const again = MailView.parse(await (await api.post(path, {})).json())
    expect(sendMails).toHaveBeenCalledOnce()
    expect(again).toMatchObject({ state: 'pending', error: 'No such user' })
    expect(mails.byId(mail.id)).toMatchObject({ refusals: 0, tries: 1 })
    mails.markSent(mail)
    expect((await errorOf(api.post(path, {}), 409)).code).toBe('mail-sent')
    expect(sendMails).toHaveBeenCalledOnce()
    await errorOf(api.post('/mails/999999/send', {}), 404)
  })
})

describe('the rest', () => {
  it('lists deliveries with their reasons', async () => {
    const { project } = api.hone.project({ name: api.name })
    api.hone.store.deliveries.insert({
      projectId: project.id,
      deliveryId: 'd1',
      event: 'push',
      outcome: 'ignored',
      reason: 'Tags do not start runs.',
      runId: null,
      payload: Buffer.from('{"secret":1}'),
    })
    const response = await api.get(`/projects/${api.name}/deliveries`)
    const [delivery] = DeliveryView.array().parse(await response.json())
    expect(delivery).toMatchObject({ deliveryId: 'd1', reason: 'Tags do not start runs.' })
    expect(Object.keys(delivery ?? {})).not.toContain('payload')
  })

  it('tells what is wrong', async () => {
    expect(HealthView.parse(await (await api.get('/health')).json())).toMatchObject({
      ok: true,
      problems: [],
    })
    api.hone.deps.health.report('engine', 'No Docker engine answers.', 'Start it.')
    expect(HealthView.parse(await (await api.get('/health')).json())).toMatchObject({
      ok: false,
      problems: [{ part: 'engine', message: 'No Docker engine answers.' }],
    })
    const metrics = await fetch(`${api.hone.url}/metrics`, {
      headers: { authorization: 'Bearer admin-token-of-the-tests' },
    })
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    const text = await metrics.text()
    for (const line of ['hone_problems 1', 'hone_jobs{state="failed"} 0', 'process_resident_memory_bytes']) {
      expect(text).toContain(line)
    }
    expect(text).toMatch(/^hone_runs\{state="queued"\} \d+$/m)
    api.hone.deps.health.clear('engine')
  })

  it('describes itself, every route of it', async () => {
    const document = (await (await api.get('/openapi.json')).json()) as {
      openapi: string
      paths: Record<string, Record<string, unknown>>
      components: { schemas: Record<string, unknown> }
    }
    expect(document.openapi).toBe('3.1.0')
    expect(document.components.schemas).toHaveProperty('RunSummary')
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const method of Object.keys(operations)) {
        const address = path.replace('{id}', '999999').replace('{name}', 'nobody')
        const body = method === 'get' ? {} : { body: {} }
        const response = await api.hone.api(address, { method: method.toUpperCase(), ...body })
        // A live stream has no end to wait for.
        if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
          await response.body?.cancel()
          continue
        }
        if (path !== '/session') expect(response.status).not.toBe(401)
        expect(await response.text()).not.toContain(
          `${method.toUpperCase()} /api/v1${address} does not exist`,
        )
      }
    }
  })

  it('is described on the page for people as it describes itself', async () => {
    const { paths } = (await (await api.get('/openapi.json')).json()) as {
      paths: Record<string, Record<string, unknown>>
    }
    const page = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8')
    const routes =
      page.split('Outside of it')[0]?.matchAll(/`(GET|POST|PATCH|DELETE) ([\w/:.-]+)[^`]*`/g) ?? []
    const told = [...routes].map(([, method = '', path = '']) => [method, path.replaceAll(/:(\w+)/g, '{$1}')])
    expect(told.length).toBeGreaterThan(20)
    for (const [method = '', path = ''] of told) {
      expect(Object.keys(paths[path] ?? {}), path).toContain(method.toLowerCase())
    }
  })

  it('answers 404 as JSON where there is nothing', async () => {
    for (const method of ['GET', 'POST', 'DELETE', 'PUT']) {
      expect(await errorOf(api.hone.api('/nothing', { method }), 404)).toMatchObject({ code: 'not-found' })
    }
    await errorOf(api.hone.api('/projects/%E0%A4%A'), 400)
    await errorOf(api.hone.api('/', {}), 404)
  })

  it('is alive, or says so when the database is not', async () => {
    const healthy = await fetch(`${api.hone.url}/healthz`)
    expect([healthy.status, await healthy.json()]).toEqual([200, { ok: true }])
    const spy = vi.spyOn(api.hone.store.meta, 'get').mockImplementation(() => {
      throw new Error('gone')
    })
    const ill = await fetch(`${api.hone.url}/healthz`)
    expect([ill.status, await ill.json()]).toEqual([503, { ok: false }])
    spy.mockRestore()
  })
})
