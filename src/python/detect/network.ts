import type { Evidence, Family } from '../../domain/detection.ts'
import { byName, byProducts, graphProduct, ownAttention, ownProcess } from './by-hand.ts'
import { evidenceAt } from './evidence.ts'
import type { Layers } from './layers.ts'
import type { Program, Shown, Verdict } from './program.ts'

/** The family of a network by what it is built of. */
export function networkFamily(program: Program, layers: Layers): Verdict {
  const { count, first, models } = layers
  const shows = (at: Shown | undefined, why: string): Evidence[] =>
    at ? [evidenceAt(at.module, at.node, why)] : []
  const by = (family: Family) => models.find((model) => model.family === family)?.at
  const graph = first.graph ?? graphProduct(program)
  if (graph) return { family: 'gnn', evidence: shows(graph, 'builds a layer of a graph network') }
  const process = by('gaussian-process') ?? ownProcess(program)
  if (process) return { family: 'gaussian-process', evidence: shows(process, 'builds a Gaussian process') }
  const attention = by('transformer') ?? attentionOf(program, count, first.attention)
  if (attention) return { family: 'transformer', evidence: shows(attention, 'builds a transformer') }
  const conv = first.conv ?? by('cnn')
  const recurrent = first.recurrent ?? by('rnn')
  if (conv && recurrent && count.recurrent < 2 * Math.max(count.conv, 1)) {
    return {
      family: 'mixed',
      evidence: [...shows(conv, 'builds a convolution'), ...shows(recurrent, 'builds a recurrent layer')],
    }
  }
  if (recurrent) return { family: 'rnn', evidence: shows(recurrent, 'builds a recurrent layer') }
  if (conv) return { family: 'cnn', evidence: shows(conv, 'builds a convolution') }
  const other = models[0]
  if (other) return { family: other.family, evidence: shows(other.at, `builds a ${other.family}`) }
  if (count.dense > 0) {
    const hidden = count.dense > 1 || count.embedding > 0
    return {
      family: hidden ? 'mlp' : 'linear',
      evidence: shows(first.dense, hidden ? 'builds a dense layer' : 'builds the only dense layer'),
    }
  }
  if (count.embedding > 0) return { family: 'mlp', evidence: shows(first.embedding, 'builds an embedding') }
  const products = byProducts(program)
  return products.family ? products : byName(program)
}

/** How many layers of another kind make attention a mere part of a network. */
const MERE_PART = { conv: 6, recurrent: 3 }

function attentionOf(program: Program, count: Layers['count'], first: Shown | undefined): Shown | null {
  const layers = Math.max(count.attention, 1)
  if (count.conv > MERE_PART.conv * layers || count.recurrent >= MERE_PART.recurrent * layers) return null
  return first ?? (count.recurrent === 0 ? ownAttention(program) : null)
}
