/** Parts of the page that are loaded when they are needed. */

const FAILED =
  /Unable to preload CSS|dynamically imported module|Importing a module script failed|module script failed to load/i

/** Whether an error says that a part of the page could not be loaded, in the words of Vite and the browsers. Pure. */
export const isChunkError = (error: Error): boolean => FAILED.test(error.message)

/** A page that fails again so soon after it was loaded anew is not mended by that. */
const AGAIN_MS = 30_000

/** Whether the page may be loaded anew by itself: only once in a while. Pure. */
export const mayReload = (last: string | null, now: number) => !(now - Number(last ?? Number.NaN) < AGAIN_MS)
