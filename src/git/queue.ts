/** Runs what belongs to one key one after the other, in the order of the calls. */
export function keyedQueue() {
  const tails = new Map<string, Promise<unknown>>()
  return function enqueue<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (tails.get(key) ?? Promise.resolve()).then(work)
    const tail = result
      .catch(() => {})
      .then(() => {
        if (tails.get(key) === tail) tails.delete(key)
      })
    tails.set(key, tail)
    return result
  }
}
