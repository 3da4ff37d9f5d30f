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

/** A package to install, and where the repository asks for it. */
export interface AskedPackage {
  /** As pip takes it: `einops>=0.7`. */
  text: string
  file: string
  /** Counted from 1. */
  line: number
}

/** What a repository needs on top of an image. */
export interface ImageLayer {
  packages: AskedPackage[]
  /** Of pip: `--extra-index-url https://...`. */
  options: string[]
  /** Versions that hold where a package asks for another. */
  constraints: string[]
  /** Packages of Debian. */
  system: string[]
  /** Folders whose modules are found from everywhere, relative to the repository's root; `''` is the root. */
  paths: string[]
}

/** A Dockerfile of the repository's own, which is the image to train in. */
export interface OwnDockerfile {
  /** Relative to the repository's root. */
  path: string
  /** The commit whose files are its context. */
  sha: string
}
