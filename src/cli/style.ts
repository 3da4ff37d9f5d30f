import pc from 'picocolors'

/** Colours are off where the terminal has none, where NO_COLOR says so, and in a pipe, that of a CI too. */
export const style = pc.createColors(pc.isColorSupported && process.stdout.isTTY === true)

export const duration = (ms: number) => {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A number with four significant digits at most: `0.9722`, `12`. */
export const short = (value: number) => String(Number(value.toPrecision(4)))
