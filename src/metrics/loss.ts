import type { Metric } from '../domain/metric.ts'

const LOST = /\bloss["']?\s{0,4}(?:[:=]|is|->)\s{0,4}[-+]?(?:nan|inf(?:inity)?)\b/i
const REPORTED = /\bloss["']?\s{0,4}(?:[:=]|is|->)\s{0,4}[-+]?[\d.]/i

/**
 * Hears the lines of a training's log, and tells when its loss has left the numbers: two reports of NaN or infinity with
 * no number between them. Mixed precision may lose a single step and go on.
 * @returns a function of each line, in order; true from the second report on
 */
export function createLossWatch(): (text: string) => boolean {
  let lost = 0
  return (text) => {
    if (LOST.test(text)) lost++
    else if (REPORTED.test(text)) lost = 0
    return lost > 1
  }
}

/**
 * The same from what a framework reports of its epochs: the loss of the training data was no number in the last two. Pure.
 * @param metrics in the order in which they were reported
 */
export function isLossLost(metrics: readonly Pick<Metric, 'name' | 'split' | 'step' | 'source' | 'value'>[]) {
  const losses = metrics.filter(
    ({ name, split, step, source }) =>
      name === 'loss' && split === 'train' && step !== null && source === 'event',
  )
  const last = losses.slice(-2)
  return last.length === 2 && last.every(({ value }) => !Number.isFinite(value))
}
