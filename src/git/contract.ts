import type { Readable } from 'node:stream'

/** One commit, as git knows it. */
export interface CommitInfo {
  sha: string
  author: string
  message: string
}

/**
 * All git work, on mirrors (one bare cache a project), workspaces (a work tree a run) and Hone's own bare remotes.
 * Hooks never run; transports are https, ssh, git over file paths; nothing of a URL or ref can become an option.
 * Failures: `user` (bad URL, missing commit or repository, access denied), `unavailable` (host not reached).
 */
export interface DiffBounds {
  maxBytes?: number | undefined
  signal?: AbortSignal | undefined
}

export interface Git {
  /** Creates the bare repository of Hone's own remote, with `hook` as its post-receive, if it is not there. */
  initRemote(path: string, hook: string): Promise<void>
  /** Heads of a bare repository or URL: full ref -> sha. */
  heads(url: string): Promise<Record<string, string>>
  /** Keeps a commit of a bare repository reachable when its branch moves on; nothing when it is not there. */
  keepCommit(repository: string, name: string, sha: string): Promise<void>
  /** Of a bare repository. */
  readCommit(repository: string, sha: string): Promise<CommitInfo>
  /** Brings the commit into the mirror, shallow where the server allows it. */
  fetchCommit(mirror: string, url: string, ref: string, sha: string, signal?: AbortSignal): Promise<void>
  /**
   * Makes the work tree at `folder` on `branch` at the commit, tagged `trial-0`; what was there half-made is replaced,
   * what is complete is kept.
   */
  createWorkspace(
    folder: string,
    mirror: string,
    sha: string,
    branch: string,
    options: { submodules: boolean; lfs: boolean; url: string },
    signal?: AbortSignal,
  ): Promise<CommitInfo>
  /** Paths of all files of a commit that are regular files, with their size in bytes. */
  listFiles(workspace: string, sha: string): Promise<{ path: string; size: number }[]>
  /** Content of files at a commit. */
  readFile(workspace: string, sha: string, path: string): Promise<Buffer>
  /** The same of many files at once, by their paths. */
  readFiles(workspace: string, sha: string, paths: readonly string[]): Promise<Map<string, Buffer>>
  /**
   * Writes the files onto the source of `trial-0`, commits them on the workspace's branch and tags the commit
   * `trial-<number>`. When that tag exists already, answers its commit if it has the same files, and replaces it if not: it is asked
   * only for a trial that is not recorded yet.
   */
  commitTrial(
    workspace: string,
    number: number,
    files: Record<string, Buffer>,
    message: string,
  ): Promise<{ sha: string; diff: string }>
  /**
   * What leads from one commit to another, as `git apply` takes it; empty where they are the same.
   * @param other a further workspace, which has the commits that the first one lacks
   * @throws HoneError `user`, `git-output-too-large`
   */
  diff(workspace: string, from: string, to: string, other?: string, bounds?: DiffBounds): Promise<string>
  /** One commit with the source of a trial's right on another; asked again with the same words, the same one. */
  squash(workspace: string, sha: string, base: string, message: string): Promise<string>
  /** All files of a commit as a tar stream, owned by uid and gid, for the Docker API's archive call. */
  archive(workspace: string, sha: string, owner: { uid: number; gid: number }): Readable
  /** Pushes a commit as `refs/heads/<branch>` to a repository. */
  pushBranch(workspace: string, sha: string, url: string, branch: string): Promise<void>
  /** Commits a folder as it is now into a new bare repository; answers the commit. The folder is only read. */
  snapshot(folder: string, repository: string): Promise<string>
  removeWorkspace(folder: string): Promise<void>
}
