import type { Engine } from './engine.ts'
import type { EngineImage } from './executor.ts'

/** What the engine calls an image that has no name. */
const NAMELESS = '<none>:<none>'

/** See the contract of the executor. */
export async function listImages({ docker, ask }: Engine, label: string): Promise<EngineImage[]> {
  const images = await ask('list images', (abortSignal) =>
    docker.listImages({ filters: { label: [label] }, abortSignal }),
  )
  const containers = await ask('list containers', (abortSignal) =>
    docker.listContainers({ all: true, abortSignal }),
  )
  const used = new Set(containers?.map(({ ImageID }) => ImageID))
  return (images ?? []).map(({ Id, RepoTags, Labels, Size, Created }) => ({
    id: Id,
    names: (RepoTags ?? []).filter((name) => name !== NAMELESS),
    labels: Labels ?? {},
    bytes: Size,
    createdAt: Created * 1000,
    used: used.has(Id),
  }))
}
