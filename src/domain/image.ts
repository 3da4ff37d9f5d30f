/** What an image holds, as its own Python tells. */
export interface ImageContents {
  /** Python's version: `3.13.5`. */
  python: string
  /** `x86_64`, `aarch64`. */
  machine: string
  /** Installed distributions by their normalised names, with their versions. */
  packages: Record<string, string>
  /** Names that `import` finds at the top, those of the standard library included. */
  modules: string[]
}

/** What a repository needs on top of an image. */
export interface ImageLayer {
  /** Lines of a requirements file, options of pip first. */
  requirements: string[]
  /** Versions that stay as the image has them. */
  constraints: string[]
  /** Debian packages. */
  system: string[]
  /** Folders of the repository whose modules are found from everywhere, relative to its root; `''` is the root. */
  paths: string[]
  /** Files that ask for it, for a person. */
  sources: string[]
}

/** A Dockerfile of the repository's own, which is the image to train in. */
export interface OwnDockerfile {
  /** Relative to the repository's root. */
  path: string
  /** The commit whose files are its context. */
  sha: string
}
