import type { ImageName } from './plan.ts'

/** Finds or builds the images that trainings run in; which one a model needs is `imageFor` of plan.ts. */
export interface Images {
  /**
   * Concurrent calls for one image share one build; the tag is made from the digest of the image's inputs.
   * @param progress gets short lines for a person, such as `image sklearn: step 3 of 5`
   * @returns the tag to run
   * @throws HoneError `unavailable` when the engine is away, `system` when the build fails, as it does where its
   *   packages cannot be reached
   */
  ensure(name: ImageName, progress: (line: string) => void, signal?: AbortSignal): Promise<string>
}
