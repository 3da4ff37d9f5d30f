import { type Context, freezeTensors } from './context.ts'
import { UNKNOWN, type Value } from './values.ts'
import { LONGEST, TOO_LARGE } from './work.ts'

/** A list of these values; unknown when there are too many of them. */
export function listOf(context: Context, values: Value[]): Value {
  if (values.length <= LONGEST && context.work.look(values.length)) return { kind: 'list', values }
  freezeTensors(context, values.slice(0, LONGEST), TOO_LARGE)
  return UNKNOWN
}

/** Puts values behind those of a list, which may be the same list; what is in one that gets too long is unknown. */
export function extend(context: Context, list: Value[], more: readonly Value[]): void {
  const added = more.slice(0, LONGEST + 1)
  if (list.length + added.length <= LONGEST && context.work.look(added.length)) {
    for (const one of added) list.push(one)
    return
  }
  freezeTensors(context, [...list, ...added], TOO_LARGE)
  list.splice(0, list.length, UNKNOWN)
}
