import type { DataMount } from './data.ts'
import type { Run } from './run.ts'

/** On the image of a winner. Never those of containers: what is run from the image by hand is none of Hone's. */
export const WINNER_LABEL = {
  /** Its value is the project's name. */
  winner: 'hone.winner',
  instance: 'hone.winner.instance',
  run: 'hone.winner.run',
} as const

/**
 * `hone/winner-digits`: a repository's name may hold small letters, digits and single separators only, so that a name
 * with others gets its project's number.
 */
export function winnerRepository(project: { id: number; name: string }): string {
  const name = project.name.toLowerCase()
  const plain = name.replaceAll(/[^a-z0-9]+/g, (text) => (/^(\.|__?|-+)$/.test(text) ? text : '-'))
  return `hone/winner-${plain}${plain === name ? '' : `-${project.id}`}`
}

/**
 * What a person types to train it again. Pure.
 * @param gpus number of graphics cards that it trained with
 */
export function winnerCommand(image: string, data: readonly DataMount[], gpus = 0): string {
  const mounts = data.map(({ source, path }) => ` -v ${quoted(`${source}:${path}:ro`)}`).join('')
  return `docker run --rm${gpus > 0 ? ` --gpus ${gpus}` : ''}${mounts} ${image}`
}

/** A run's image with what trains it again; null where there is none. */
export function winnerOf(image: string | null, { settings, detection }: Pick<Run, 'settings' | 'detection'>) {
  if (image === null) return null
  const { gpus } = (detection ?? {}) as { gpus?: number }
  return { name: image, command: winnerCommand(image, settings.data, gpus) }
}

const quoted = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
