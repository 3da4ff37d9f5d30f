import type { Site } from '../../domain/detection.ts'
import type { Flow } from '../flow/flow.ts'
import { exchangeableFor } from '../knowledge/exchangeable.ts'
import type { Place } from '../names/module.ts'
import type { Draft } from './find.ts'

/**
 * Activations and optimisers that are given as a class or function of a module (`nn.ReLU()`, `F.relu(x)`,
 * `optim.Adam(...)`): the name after the dot is what changes. All activations of one kind in a file are one
 * hyperparameter.
 */
export function exchangeableCalls(flow: Flow, reachable: (place: Place) => boolean): Draft[] {
  const drafts = new Map<string, Draft>()
  for (const module of flow.names.modules) {
    for (const site of module.calls) {
      const { callee, args } = site.call
      // A bare name would need another import.
      if (callee.kind !== 'attribute' || args.some((argument) => argument.spread !== '')) continue
      const name = flow.names.calleeOf(site)
      const keywords = args.flatMap((argument) => argument.name ?? [])
      const row = name && exchangeableFor(name, args.length - keywords.length, keywords)
      if (!row || !name.endsWith(`.${callee.name}`) || !reachable(site)) continue
      const place: Site = module.file.place(callee.end - callee.name.length, callee.end)
      const key = `${module.path} ${row.name} ${name}`
      const known = drafts.get(key)
      if (known && row.name === 'activation') {
        known.ties.push({ ...place, times: 1, why: 'the activation of another layer' })
      } else if (!known) {
        drafts.set(key, {
          ...place,
          name: row.name,
          value: callee.name,
          distribution: { type: 'categorical', choices: [...row.choices] },
          source: row.source,
          influence: 4,
          ties: [],
          variants: null,
        })
      }
    }
  }
  return [...drafts.values()]
}

/** One hyperparameter for all hidden activations that are the same string in a file. */
export function joinActivations(drafts: readonly Draft[]): Draft[] {
  const first = new Map<string, Draft>()
  return drafts.filter((draft) => {
    if (draft.role !== 'activation' || typeof draft.value !== 'string') return true
    const key = `${draft.file} ${draft.value} ${JSON.stringify(draft.distribution)}`
    const known = first.get(key)
    if (!known) {
      first.set(key, draft)
      return true
    }
    const { file, line, column, start, end } = draft
    known.ties.push({ file, line, column, start, end, times: 1, why: 'the activation of another layer' })
    return false
  })
}
