import type { Flow } from '../flow/flow.ts'
import type { Place } from '../names/module.ts'
import { argumentOf } from '../syntax/walk.ts'
import type { Use } from './uses.ts'

const SCHEDULER = 'keras.callbacks.LearningRateScheduler'

/**
 * The learning rates that a Keras schedule returns, epoch by epoch: they replace the optimiser's own. A schedule that
 * is given the present rate only changes that one, and has none.
 */
export function schedulesOf(flow: Flow, reachable: (place: Place) => boolean): Use[] {
  const { names } = flow
  return names.modules.flatMap((module) =>
    module.calls.filter(reachable).flatMap((site): Use[] => {
      if (names.calleeOf(site) !== SCHEDULER) return []
      const schedule = argumentOf(site.call, 'schedule', 0)
      const made = schedule && names.referent(schedule, site.scope)
      if (made?.kind !== 'own' || made.scope.node?.kind !== 'function') return []
      if (made.scope.node.parameters.length > 1) return []
      const returned = made.scope.module.returns.get(made.scope) ?? []
      const group = `${module.path}:${site.call.start}`
      return returned.flatMap((value) =>
        flow.origins(value, made.scope).map(
          (origin): Use => ({
            origin: origin.names.length > 0 ? origin : { ...origin, names: ['lr'] },
            name: 'learning_rate',
            callee: SCHEDULER,
            group,
            subject: '',
            vain: null,
            veto: null,
          }),
        ),
      )
    }),
  )
}
