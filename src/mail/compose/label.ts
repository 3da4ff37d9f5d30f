import type { Spot } from './plot.ts'

/** Where a value is written beside its mark. */
export interface LabelPlace extends Spot {
  anchor: 'start' | 'middle' | 'end'
}

const HEIGHT = 10
const AIR = 3
/** Between two points of a line that are looked at. */
const STEP = 3

/** Points along a line of corners, close enough that no label fits in between. Pure. */
export function pointsAlong(corners: readonly Spot[]): Spot[] {
  return corners.flatMap((to, index) => {
    const from = corners[index - 1] ?? to
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / STEP))
    return Array.from({ length: steps }, (_, step) => ({
      x: to.x + ((from.x - to.x) * step) / steps,
      y: to.y + ((from.y - to.y) * step) / steps,
    }))
  })
}

/**
 * The place beside a mark at which a label lies over the fewest of the points. Pure.
 * @param width of the label; all of it in units of the drawing
 * @param frame what the label has to stay in
 */
export function labelPlace(
  mark: Spot,
  width: number,
  points: readonly Spot[],
  frame: { left: number; right: number; top: number; bottom: number },
): LabelPlace {
  const [above, below] = [mark.y - 10, mark.y + 10 + HEIGHT]
  const places: LabelPlace[] = [
    { x: mark.x, y: above, anchor: 'middle' },
    { x: mark.x, y: below, anchor: 'middle' },
    { x: mark.x + 9, y: above, anchor: 'start' },
    { x: mark.x - 9, y: above, anchor: 'end' },
    { x: mark.x + 9, y: below, anchor: 'start' },
    { x: mark.x - 9, y: below, anchor: 'end' },
  ]
  const costs = places.map((place) => {
    const left = place.x - { start: 0, middle: width / 2, end: width }[place.anchor]
    const [right, top] = [left + width, place.y - HEIGHT]
    const isOut = left < frame.left || right > frame.right || top < frame.top || place.y > frame.bottom
    const covered = points.filter(
      ({ x, y }) => x > left - AIR && x < right + AIR && y > top - AIR && y < place.y + AIR,
    )
    return covered.length + (isOut ? Number.MAX_SAFE_INTEGER / 2 : 0)
  })
  return places[costs.indexOf(Math.min(...costs))] as LabelPlace
}
