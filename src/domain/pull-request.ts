/** Of GitHub's own addresses: `https://github.com/ada/digits.git`, `git@github.com:ada/digits`, `ssh://git@github.com/...`. */
const GITHUB =
  /^(?:https?:\/\/(?:[^@/]+@)?github\.com\/|ssh:\/\/git@github\.com(?::22)?\/|git@github\.com:)([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/i

/** Longer addresses are refused by some servers and browsers. */
const MOST_CHARACTERS = 3_000

/** `ada/digits` of a repository at GitHub; null for any other. Pure. */
export function githubName(repoUrl: string | null): string | null {
  const match = repoUrl === null ? null : GITHUB.exec(repoUrl)
  return match ? `${match[1]}/${match[2]}` : null
}

interface PullRequest {
  /** The branch that it is to be merged into. */
  base: string
  branch: string
  title: string
  body: string
}

const branchPath = (branch: string) => branch.split('/').map(encodeURIComponent).join('/')

/** GitHub's page on which a person opens the pull request, filled in; null where the repository is not there. Pure. */
export function pullRequestUrl(
  repoUrl: string | null,
  { base, branch, title, body }: PullRequest,
): string | null {
  const name = githubName(repoUrl)
  if (name === null) return null
  const query = new URLSearchParams({ expand: '1', title, body: body.slice(0, MOST_CHARACTERS) })
  return `https://github.com/${name}/compare/${branchPath(base)}...${branchPath(branch)}?${query}`
}
