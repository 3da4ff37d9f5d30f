/**
 * Moments at which a server that dies, or a part of the world that fails, is most likely to lose something. Those inside of a
 * container (`first-line`, `mid-epoch`, `checkpoint`, `last-line`) are seen from outside only.
 */
export const FAULT_POINTS = [
  'webhook',
  'git-import',
  'image-build',
  'container-create',
  'start',
  'first-line',
  'mid-epoch',
  'checkpoint',
  'last-line',
  'exit',
  'tweak-commit',
  'settle',
  'notify',
  'mail',
] as const
export type FaultPoint = (typeof FAULT_POINTS)[number]

const LISTENER = Symbol.for('hone.fault-points')

/**
 * Does nothing, unless a test has put a listener in the place of this name: that one then holds the whole server at this
 * very moment, also inside of a transaction, by not returning.
 */
export function reached(point: FaultPoint): void {
  ;(globalThis as { [LISTENER]?: (point: FaultPoint) => void })[LISTENER]?.(point)
}
