import { type HoneError, unavailable, userError } from './failure.ts'

/** What a training holds of its engine while it runs. */
export interface Slot {
  memoryBytes: number
  cpus: number
  gpus: number
}

/** Of a training that waits before it is started again. */
export const NO_SLOT: Slot = { memoryBytes: 0, cpus: 0, gpus: 0 }
export const isEmpty = (slot: Slot) => KINDS.every((kind) => slot[kind] === 0)

/** What the engine has, and how many trainings share it when they say nothing. */
export interface Capacity extends Slot {
  parallel: number
}

/** One that holds a slot, or waits for one. */
export interface Holding {
  /** For a person: `digits #12`. */
  run: string
  slot: Slot
}

/** `since`: when it began to wait, ms since the epoch. */
export interface Waiting extends Holding {
  since: number
}

/** Of the engine's memory; the rest is for the engine itself and the server. */
const MEMORY_SHARE = 0.8
/** A training that has waited so long is not overtaken any more. */
export const PATIENCE_MS = 10 * 60_000
/** The code of the failure that a training waits with: what holds a slot wakes those when it lets go. */
export const SLOTS_BUSY = 'slots-busy'

/** What trainings may hold of an engine, all together. */
export const capacityOf = (
  engine: { cpus: number; memoryBytes: number; gpus: readonly unknown[] },
  parallel: number,
): Capacity => ({
  memoryBytes: Math.floor(engine.memoryBytes * MEMORY_SHARE),
  cpus: engine.cpus,
  gpus: engine.gpus.length,
  parallel,
})

/**
 * What a training asks for: what is set, else its even share, so that `HONE_PARALLEL` of them fit side by side.
 * @throws HoneError `user`, `slot-too-large`, when the machine never has as much
 */
export function slotFor(
  wanted: { memoryBytes: number | null; cpus: number | undefined; gpus: number },
  capacity: Capacity,
): Slot {
  const slot = {
    memoryBytes: wanted.memoryBytes ?? Math.floor(capacity.memoryBytes / capacity.parallel),
    cpus: wanted.cpus ?? capacity.cpus / capacity.parallel,
    gpus: wanted.gpus,
  }
  const over = KINDS.find((kind) => exceeds(slot[kind], capacity[kind]))
  if (!over) return slot
  const { setting, text } = WORDS[over]
  throw userError(
    'slot-too-large',
    `The settings ask for ${text(slot[over])} for one training, but trainings may have ${text(capacity[over])} on this engine.`,
    `Lower \`${setting}\` in hone.yaml or in the project's settings${
      over === 'memoryBytes' ? '; a fifth of the memory stays with the engine itself' : ''
    }.`,
  )
}

/**
 * Whether a training may have its slot now. It may when that is free, and when nobody has waited longer than
 * `PATIENCE_MS` who could not begin then: without that a large training would wait for ever while small ones come and go.
 * @param held by others; one that is resumed holds its own already and is not asked again
 * @param waiting others that wait for a slot
 * @param own when this one began to wait, ms since the epoch
 * @returns null when it may; else the error that it waits with
 */
export function refusal(
  wanted: Slot,
  capacity: Capacity,
  held: readonly Holding[],
  waiting: readonly Waiting[],
  { now, own }: { now: number; own: number },
): HoneError | null {
  const short = KINDS.find((kind) => exceeds(sum(held, kind) + wanted[kind], capacity[kind]))
  if (short) return busy(short, wanted, capacity, held)
  const before = waiting
    .filter(({ since }) => since < own && now - since >= PATIENCE_MS)
    .sort((one, other) => one.since - other.since)
    .find(({ slot }) =>
      KINDS.some((kind) => exceeds(sum(held, kind) + slot[kind] + wanted[kind], capacity[kind])),
    )
  return before ? behind(before) : null
}

const KINDS = ['memoryBytes', 'cpus', 'gpus'] as const
type Kind = (typeof KINDS)[number]

/** What of a training's wishes the machine never has: the setting, and in words what there is. Pure. */
export const exceeding = (wanted: Partial<Slot>, capacity: Capacity): { setting: string; has: string }[] =>
  KINDS.filter((kind) => exceeds(wanted[kind] ?? 0, capacity[kind])).map((kind) => ({
    setting: WORDS[kind].setting,
    has: WORDS[kind].text(capacity[kind]),
  }))

/** Shares of a number of processors are fractions that do not add up exactly. */
const ROUNDING = 1e-6
const exceeds = (wanted: number, there: number) => wanted > there * (1 + ROUNDING)

const sum = (held: readonly Holding[], kind: Kind) => held.reduce((total, { slot }) => total + slot[kind], 0)

const short = (value: number) => String(Number(value.toFixed(1)))
const gib = (bytes: number) => short(bytes / 1024 ** 3)
const cards = (count: number) => (count === 1 ? '1 graphics card' : `${count} graphics cards`)

const WORDS: Record<
  Kind,
  { name: string; setting: string; text(value: number): string; of(held: number, all: number): string }
> = {
  memoryBytes: {
    name: 'memory',
    setting: 'memory',
    text: (value) => `${gib(value)} GiB of memory`,
    of: (held, all) => `${gib(held)} of ${gib(all)} GiB`,
  },
  cpus: {
    name: 'processors',
    setting: 'cpus',
    text: (value) => `${short(value)} processors`,
    of: (held, all) => `${short(held)} of ${short(all)}`,
  },
  gpus: {
    name: 'graphics cards',
    setting: 'gpus',
    text: cards,
    of: (held, all) => `${held} of ${all}`,
  },
}

/** `digits #12 and plants #3`, each once. */
export function inWords(names: readonly string[]): string {
  const each = [...new Set(names)]
  return each.length <= 1 ? (each[0] ?? 'nobody') : `${each.slice(0, -1).join(', ')} and ${each.at(-1)}`
}

function busy(kind: Kind, wanted: Slot, capacity: Capacity, held: readonly Holding[]): HoneError {
  const { name, of, text } = WORDS[kind]
  const holders = held.filter(({ slot }) => slot[kind] > 0).map(({ run }) => run)
  return unavailable(
    SLOTS_BUSY,
    `The training waits for ${name}: ${of(sum(held, kind), capacity[kind])} are held by ${inWords(holders)}, and it wants ${text(wanted[kind])}.`,
    'It begins when one of them ends.',
  )
}

const behind = ({ run }: Waiting) =>
  unavailable(
    SLOTS_BUSY,
    `The training waits behind ${run}, which has waited longer for a larger share of the machine.`,
    'It begins when there is room for both.',
  )
