import type { Framework } from '../domain/detection.ts'

/** Finds or builds the image that a framework trains in. */
export interface Images {
  /**
   * Concurrent calls for one image share one build; the tag is made from the digest of the image's inputs.
   * @param progress gets short lines for a person, such as `image sklearn: step 3 of 5`
   * @returns the tag to run
   * @throws HoneError `unavailable` when the engine is away, `system` when the build fails,
   *   `user` when Hone has no image for the framework
   */
  ensure(framework: Framework, progress: (line: string) => void, signal?: AbortSignal): Promise<string>
}
