import { describe, expect, it } from 'vitest'
import type { RunState } from '../../src/domain/run.ts'
import { drawBadge, escapeXml } from '../../src/http/badge/draw.ts'
import { badgeMessage } from '../../src/http/badge/message.ts'
import { textWidth } from '../../src/http/badge/text-width.ts'
import { BadgeView, RotatedView } from '../../src/http/contract.ts'
import { rawStatus } from '../helpers/http.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()
const HOSTILE = `<script>alert("1")</script>&'\u0000`

it.each<[RunState, number | null, string]>([
  ['succeeded', 0.96234, 'target met 0.962'],
  ['running', 0.91, 'training 0.91'],
  ['running', null, 'training'],
  ['exhausted', 12345.6, 'below target 12350'],
  ['queued', null, 'waiting'],
  ['failed', 0.5, 'failed'],
  ['cancelled', null, 'cancelled'],
])('%s with %s says %s', (state, best, message) => {
  expect(badgeMessage({ state, best })[0]).toBe(message)
})

describe('the picture', () => {
  it('is as wide as its words, which are held to their boxes', () => {
    const narrow = drawBadge('hone', 'failed', 'red')
    const wide = drawBadge('hone', 'target met 0.962', 'green')
    const widthOf = (svg: string) => Number(/width="(\d+)"/.exec(svg)?.[1])
    expect(widthOf(wide) - widthOf(narrow)).toBe(
      Math.round(textWidth('target met 0.962')) - Math.round(textWidth('failed')),
    )
    expect(wide.match(/textLength/g)).toHaveLength(2)
    expect(textWidth('試')).toBeGreaterThan(textWidth('W'))
  })

  it('holds nothing that could be run, loaded or styled, whatever its words', () => {
    const svg = drawBadge(HOSTILE, HOSTILE.repeat(20), 'grey')
    expect(svg).not.toMatch(/<script|alert\("|<style|style=|href/)
    expect(svg).not.toContain('\u0000')
    expect(svg.length).toBeLessThan(3000)
    expect(escapeXml('<a b="c">&\'\u0007\ud800')).toBe('&lt;a b=&quot;c&quot;&gt;&amp;&apos;\ufffd\ufffd')
  })
})

describe('the address', () => {
  const badge = async (name = api.name) =>
    BadgeView.parse(await (await api.get(`/projects/${name}/badge`)).json())

  it('shows the last run to who has it, without login, and asks again each time', async () => {
    const { project } = api.hone.project({ name: `${api.name}.x` })
    const { url, markdown } = await badge(project.name)
    expect(markdown).toBe(`[![Hone](${url})](${api.hone.url}/projects/${project.name})`)
    const none = await fetch(url)
    expect(none.status).toBe(200)
    expect(none.headers.get('content-type')).toContain('image/svg+xml')
    expect(none.headers.get('cache-control')).toBe('no-cache')
    expect(none.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(await none.text()).toContain('hone: no run')
    const etag = none.headers.get('etag') ?? ''
    const { pathname, search } = new URL(url)
    expect(await rawStatus(api.hone.url, pathname + search, { 'if-none-match': etag })).toBe(304)
  })

  it('is of the last run that nothing superseded; of one branch where it is asked for', async () => {
    const { project, run } = api.full()
    const { url } = await badge()
    const { settings, overrides, sha } = run
    const later = api.hone.store.runs.insert({
      ...{ projectId: project.id, ref: 'refs/heads/wide', sha, trigger: 'api', author: null, message: null },
      ...{ overrides, settings },
    })
    expect(await (await fetch(url)).text()).toContain('hone: waiting')
    expect(await (await fetch(`${url}&branch=main`)).text()).toContain('hone: training 0.75')
    api.hone.store.runs.transition(later.id, 'superseded')
    expect(await (await fetch(url)).text()).toContain('hone: training 0.75')
  })

  it('is nothing without its key, nor with another project’s', async () => {
    api.hone.project({ name: api.name })
    api.hone.project({ name: `${api.name}-b` })
    const path = `${api.hone.url}/badge/${api.name}.svg`
    const other = new URL((await badge(`${api.name}-b`)).url).search
    for (const query of ['', '?key=', '?key=x&key=y', other]) {
      expect(await errorOf(fetch(path + query), 404)).toMatchObject({ code: 'no-badge' })
    }
    await errorOf(fetch(`${api.hone.url}/badge/nobody.svg${other}`), 404)
  })

  it('stays when the secrets are rotated', async () => {
    api.hone.project({ name: api.name })
    const before = await badge()
    await api.post(`/projects/${api.name}/rotate`, { what: 'secret' })
    expect(await badge()).toEqual(before)
  })

  it('has a new key when it was rotated: the old address shows nothing any more', async () => {
    const { project } = api.hone.project({ name: api.name })
    const other = api.hone.project({ name: `${api.name}-other` }).project
    const [old, others] = [await badge(), await badge(other.name)]
    const rotate = async () => {
      const response = await api.post(`/projects/${api.name}/rotate`, { what: 'badge' })
      return RotatedView.parse(await response.json()).badge
    }
    const made = await rotate()
    expect(made).toEqual(await badge())
    expect((await fetch(old.url)).status).toBe(404)
    expect((await fetch(made?.url ?? '')).status).toBe(200)
    expect((await fetch(others.url)).status).toBe(200)
    expect((await rotate())?.url).not.toBe(made?.url)
    expect(api.hone.store.audit.list({ limit: 1 })[0]).toMatchObject({
      ...{ action: 'secret changed', subject: `key of the badge of ${project.name}` },
    })
  })
})
