import type Docker from 'dockerode'

/** What `GET /info` says of devices; a part of it is newer than dockerode's types. */
interface Info {
  Runtimes?: Record<string, unknown> | null
  /** From API 1.50 on. */
  DiscoveredDevices?: { Source?: string; ID?: string }[] | null
  GenericResources?:
    | {
        NamedResourceSpec?: { Kind?: string; Value?: string }
        DiscreteResourceSpec?: { Kind?: string; Value?: number }
      }[]
    | null
}

const CDI = /^nvidia\.com\/gpu=(.+)$/
const GPU = /gpu/i

/**
 * Ids of an engine's NVIDIA cards: as CDI names them, as the engine's `node-generic-resources` do, or numbers. Where it
 * has NVIDIA's runtime but tells no cards there is at least one.
 * @param set a number of cards that counts more; null: none is set
 */
export function gpusOf(info: unknown, set: number | null): string[] {
  const { Runtimes, DiscoveredDevices, GenericResources } = (info ?? {}) as Info
  const named = (DiscoveredDevices ?? []).flatMap(({ ID = '' }) => (CDI.test(ID) ? ID : []))
  // Each card stands there by its number and by its UUID, and all together once more.
  const numbered = named.filter((id) => /^\d+$/.test(CDI.exec(id)?.[1] ?? ''))
  const generic = (GenericResources ?? []).flatMap(
    ({ NamedResourceSpec: one, DiscreteResourceSpec: count }) => {
      if (one && GPU.test(one.Kind ?? '')) return one.Value ?? []
      return count && GPU.test(count.Kind ?? '') ? numbers(count.Value ?? 0) : []
    },
  )
  const runtime = Object.hasOwn(Runtimes ?? {}, 'nvidia') ? numbers(1) : []
  const told = [numbered, generic, runtime].find((ids) => ids.length > 0) ?? []
  if (set === null) return told
  return told.length >= set ? told.slice(0, set) : numbers(set)
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index))

/** How the engine is asked for cards. By their ids: with a count, two containers would both get the first ones. */
export function requestFor(ids: readonly string[]): Docker.DeviceRequest {
  return ids.every((id) => CDI.test(id))
    ? { Driver: 'cdi', DeviceIDs: [...ids] }
    : { Driver: 'nvidia', DeviceIDs: [...ids], Capabilities: [['gpu', 'compute', 'utility']] }
}
