import type { Readable } from 'node:stream'
import type { ImageContents } from '../domain/image.ts'
import type { ImageChoice, ImageName } from './plan.ts'

type Progress = (line: string) => void

/** Finds or builds the images that trainings run in; which one a model needs is `imageFor` of plan.ts. */
export interface Images {
  /**
   * Concurrent calls for one image share one build; the tag is made from the digest of the image's inputs.
   * @param progress gets short lines for a person, such as `image sklearn: step 3 of 5`
   * @returns the tag to run
   * @throws HoneError `unavailable` when the engine is away, `system` when the build fails, as it does where its
   *   packages cannot be reached
   */
  ensure(name: ImageName, progress: Progress, signal?: AbortSignal): Promise<string>
  /**
   * The same for what a run has chosen, with the layer of its repository, or from the repository's own Dockerfile.
   * @param files gives the commit's files as a tar stream; asked only when a Dockerfile has to be built
   * @throws HoneError also `user`, for what the repository's owner can mend: a package that cannot be had, a Dockerfile
   *   that does not build
   */
  prepare(
    choice: ImageChoice,
    files: () => Readable,
    progress: Progress,
    signal?: AbortSignal,
  ): Promise<string>
  /** What an image has, as its own Python tells; asked once for each tag. */
  contents(tag: string): Promise<ImageContents>
}
