import { freezeTensors, OUTPUT, tensorOf } from './context.ts'
import { gone } from './functions.ts'
import { extend } from './lists.ts'
import { isHarmless, tensorMethod } from './methods.ts'
import type { CallSite, Runner } from './runner.ts'
import { type Chain, type Given, type Instance, tensorsIn, UNKNOWN, type Value } from './values.ts'

/** Methods that give the model back that they are called on. */
const ITSELF =
  /^(to|cuda|cpu|double|float|half|train|eval|apply|requires_grad_|share_memory|compile|to_empty|init)$/
/** What a method of a tensor, a list or a model gives. */
export function methodCall(
  runner: Runner,
  of: Value,
  name: string,
  given: readonly Given[],
  site: CallSite,
): Value {
  const values = given.map((one) => one.value)
  const [first] = values
  switch (of.kind) {
    case 'tensor':
      return tensorMethod(runner, of, name, given)
    case 'list':
      if ((name === 'append' || name === 'add') && first) extend(runner, of.values, [first])
      else if (name === 'extend' && first?.kind === 'list') extend(runner, of.values, first.values)
      else if (name === 'insert') extend(runner, of.values, values.slice(1))
      return name === 'copy' ? of : UNKNOWN
    case 'chain':
    case 'instance':
      if (/^(add|append|add_module|register_module|extend|insert)$/.test(name))
        return added(runner, of, name, values, site)
      if (name === 'forward' || name === '__call__' || name === 'call') return runner.call(of, given, site)
      if (name === 'pop' && of.items.length > 0) freezeTensors(runner, [of.items.pop() ?? UNKNOWN], OUTPUT)
      if (ITSELF.test(name)) return of
      if (name === 'apply' || /^(predict|__call__)$/.test(name)) return UNKNOWN
      break
    case 'layer':
    case 'model':
      if (ITSELF.test(name)) return of
      break
    case 'method':
      // `self.embedding.weight.data.copy_(vectors)`
      if (/^(copy_|set_)$/.test(name)) pinOwner(runner, of)
      break
    default:
      break
  }
  if (isHarmless(name) || tensorOf(runner, first) === null) return UNKNOWN
  return gone(
    runner,
    values.filter((value) => tensorsIn(value, runner.work).length > 0),
    name,
  )
}

function pinOwner(runner: Runner, value: Value): void {
  let at = value
  while (at.kind === 'method') at = at.of
  if (at.kind === 'layer') runner.pin(at, 'its weights come from elsewhere')
}

/** `model.add(layer)`, `layers.append(layer)`, `self.add_module(name, layer)`. */
function added(
  runner: Runner,
  of: Chain | Instance,
  name: string,
  values: readonly Value[],
  site: CallSite,
): Value {
  const last = values.at(-1)
  if (!last) return UNKNOWN
  const [key] = values
  if (/module$/.test(name) && key?.kind === 'text' && of.kind === 'instance')
    of.attributes.set(key.value, last)
  else if (name === 'extend' && last.kind === 'list') extend(runner, of.items, last.values)
  else extend(runner, of.items, [last])
  const layer = last.kind === 'layer' ? last : null
  if (layer && name === 'add' && site.frame.uncertain > 0) {
    runner.pin(layer, 'it depends on a condition whether it is built')
  }
  return UNKNOWN
}
