import { randomUUID, timingSafeEqual } from 'node:crypto'
import { access } from 'node:fs/promises'
import { Router } from 'express'
import { z } from 'zod'
import { type IntakeResult, receivePush } from '../chain/intake.ts'
import { decideIntake, type Push } from '../chain/intake-decision.ts'
import type { Project } from '../domain/project.ts'
import { branchOf } from '../domain/run.ts'
import { resolveSettings } from '../domain/settings.ts'
import { bodyOf, lookUp } from './api/params.ts'
import { bearerOf } from './auth.ts'
import type { HttpDeps } from './deps.ts'
import { HttpError } from './errors.ts'
import { SHA } from './github.ts'
import { intakeChain } from './intake.ts'
import { rawBody } from './json-body.ts'
import { runUrl } from './views.ts'

const MAX_BODY = 4 * 1024 * 1024
export const Update = z.strictObject({
  before: z.string().regex(SHA),
  after: z.string().regex(SHA),
  ref: z.string(),
})
const Updates = z.strictObject({ updates: z.array(Update).max(10_000) })
type Update = z.infer<typeof Update>

const isGone = (sha: string) => /^0+$/.test(sha)

/** Reads the commit of a ref of the project's own repository; of branches only, since nothing else makes a run. */
export async function toPush(
  deps: HttpDeps,
  project: Project,
  { before, after, ref }: Update,
): Promise<Push> {
  const deleted = isGone(after)
  const reads = !deleted && ref.startsWith('refs/heads/')
  const head = reads ? await deps.git.readCommit(deps.paths.ownRemote(project.name), after) : null
  return { ref, sha: after, before, deleted, head }
}

function take(deps: HttpDeps, project: Project, push: Push, payload: unknown): IntakeResult {
  return receivePush(
    deps.store,
    project,
    push,
    { deliveryId: randomUUID(), event: 'push', payload: Buffer.from(JSON.stringify(payload)) },
    intakeChain(deps),
  )
}

/** What the person who pushed reads. */
export function lineFor(deps: HttpDeps, { ref }: Update, { delivery, run }: IntakeResult): string {
  if (run === null) {
    const again =
      delivery.outcome === 'refused' ? ' The commit is kept: deliver it again on the project’s page.' : ''
    return `Hone: no run for ${branchOf(ref)}: ${delivery.reason}${again}`
  }
  const name = `${deps.store.projects.byId(run.projectId)?.name} #${run.number}`
  const url = runUrl(deps.url(), run.id)
  if (delivery.outcome !== 'run') return `Hone: ${name} is of this commit already: ${url}`
  return delivery.reason !== null
    ? `Hone: ${name} is superseded: ${delivery.reason}`
    : `Hone: ${name} begins: ${url}`
}

/** `POST /internal/git/:project`: where the post-receive hook tells of a push. */
export function pushes(deps: HttpDeps, hookToken: string): Router {
  const router = Router()
  const find = lookUp(deps.store)
  router.use((request, _response, next) => {
    const given = Buffer.from(bearerOf(request) ?? '')
    const wanted = Buffer.from(hookToken)
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      throw new HttpError(401, 'unauthorised', "This is for Hone's own git hook.")
    }
    next()
  })
  router.post('/:project', rawBody(MAX_BODY), async (request, response) => {
    const project = find.project(request.params.project)
    const { updates } = bodyOf(Updates, request.body)
    const lines: string[] = []
    for (const update of updates) {
      lines.push(lineFor(deps, update, take(deps, project, await toPush(deps, project, update), update)))
    }
    response.json({ lines })
  })
  return router
}

/**
 * For the server's start: makes the runs of pushes that an earlier server took but did not live to record.
 * @returns how many
 */
export async function reconcileOwnRemotes(deps: HttpDeps): Promise<number> {
  let made = 0
  for (const project of deps.store.projects.all()) {
    if (project.repoUrl !== null) continue
    try {
      made += await reconcileOwnRemote(deps, project)
    } catch (error) {
      deps.logger.error({ err: error, project: project.name }, 'own remote not compared with its runs')
    }
  }
  return made
}

/** What was stored of a push to an own remote; null for any other delivery. */
export function updateOf(payload: Buffer): Update | null {
  try {
    return Update.safeParse(JSON.parse(payload.toString())).data ?? null
  } catch {
    return null
  }
}

/**
 * Makes the runs that the heads of the project's own remote should have and have not. Those that were refused stay so: who
 * pushed was told, and delivers them again when there is room.
 * @returns how many
 */
export async function reconcileOwnRemote(deps: HttpDeps, project: Project): Promise<number> {
  const { store, paths, git } = deps
  const repository = paths.ownRemote(project.name)
  const there = await access(repository).then(
    () => true,
    () => false,
  )
  if (!there) return 0
  const settings = resolveSettings(project.settings)
  const refused = store.deliveries.refused(project.id).map(({ payload }) => updateOf(payload))
  let made = 0
  for (const [ref, after] of Object.entries(await git.heads(repository))) {
    if (store.runs.ofPush(project.id, ref, after)) continue
    if (refused.some((known) => known?.ref === ref && known.after === after)) continue
    const update = { before: '0'.repeat(after.length), after, ref }
    // Whatever came before: this is where the branch is now.
    const push = { ...(await toPush(deps, project, update)), before: null }
    if (!decideIntake(push, settings).run) continue
    if (take(deps, project, push, update).delivery.outcome === 'run') made++
  }
  return made
}
