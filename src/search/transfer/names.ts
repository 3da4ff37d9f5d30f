import { baseName } from '../names.ts'
import type { SearchSpace } from '../sampler.ts'

/**
 * Which hyperparameter of an earlier source became which of the present one. Lines move from commit to commit, so those of
 * one bound name are matched in their order as long as there are as many of them as before; else only those that are
 * still called the same.
 * @returns the earlier name by the present one; what is new is not in it
 */
export function matchNames(present: SearchSpace, earlier: SearchSpace): Map<string, string> {
  const before = byBaseName(earlier)
  const matched = new Map<string, string>()
  for (const [base, names] of byBaseName(present)) {
    const candidates = before.get(base) ?? []
    names.forEach((name, index) => {
      const same = candidates.length === names.length ? candidates[index] : name
      if (same !== undefined && candidates.includes(same)) matched.set(name, same)
    })
  }
  return matched
}

function byBaseName(space: SearchSpace): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const name of Object.keys(space)) {
    const base = baseName(name)
    groups.set(base, [...(groups.get(base) ?? []), name])
  }
  return groups
}
