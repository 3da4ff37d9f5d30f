import { cyclesIn, importsOf, type Source, withoutComments } from './source.ts'

/** The parts of the house; a file belongs to the first whose pattern it matches. */
const PARTS: [part: string, pattern: RegExp][] = [
  [
    'contract',
    /^src\/(containers\/executor|images\/(contract|plan)|git\/contract|search\/(sampler|pruner))\.ts$/,
  ],
  ['http/contract', /^src\/http\/contract(\.ts|\/)/],
  ['config', /^src\/config\.ts$/],
  ['shared', /^src\/(fault-points|paths|secrets|tar|version)\.ts$/],
  ['mail/compose', /^src\/mail\/(compose|render)(\.ts|\/)/],
  ['compose', /^src\/(cli|main)(\.ts|\/)/],
  ['chain', /^src\/chain\//],
  ['src', /^src\/([a-z-]+)\//],
  ['jobs/index', /^jobs\/index\.ts$/],
  ['jobs/shared', /^jobs\/(context|schemas|study|related|progress|train\/entry)\.ts$/],
  ['jobs', /^jobs\//],
  ['web', /^web\//],
]

interface Rule {
  /** Parts that may be imported, besides the file's own, `domain` and `shared`. */
  may: string[]
  /** Parts of which only types may be imported. */
  types: string[]
}

const PURE = ['domain', 'python', 'search', 'metrics', 'mail/compose']
const ADAPTERS = ['store', 'git', 'containers', 'images', 'mail']

/** Who may import whom. `main.ts` and the command line put all of it together. */
const RULES: Record<string, Rule> = {
  contract: { may: [], types: ['containers', 'images', 'git', 'search'] },
  'http/contract': { may: [], types: [] },
  config: { may: [], types: [] },
  shared: { may: [], types: [] },
  domain: { may: [], types: [] },
  // Both are pure: what a name's values may be is the search's knowledge.
  python: { may: ['search'], types: [] },
  search: { may: ['contract'], types: [] },
  metrics: { may: [], types: [] },
  'mail/compose': { may: [], types: [] },
  store: { may: [], types: ['config'] },
  git: { may: ['contract'], types: ['config'] },
  containers: { may: ['contract'], types: ['config'] },
  // Both speak to the engine.
  images: { may: ['contract', 'containers'], types: ['config'] },
  mail: { may: ['mail/compose'], types: ['config'] },
  chain: { may: ['store'], types: ['config'] },
  http: { may: ['http/contract', 'store', 'chain', 'contract', 'metrics'], types: ['config'] },
  'jobs/shared': {
    may: ['contract', 'chain', ...PURE],
    types: ['config', 'jobs', ...ADAPTERS],
  },
  jobs: { may: ['contract', 'chain', 'jobs/shared', ...PURE], types: ['config', ...ADAPTERS] },
  'jobs/index': { may: ['contract', 'chain', 'jobs', 'jobs/shared'], types: ['config', ...ADAPTERS] },
  web: { may: [], types: ['http/contract'] },
}

/** What only some files may do. */
const ONLY: { what: string; pattern: RegExp; where: RegExp; except: RegExp }[] = [
  { what: 'imports better-sqlite3', pattern: /['"]better-sqlite3['"]/, where: /./, except: /^src\/store\// },
  {
    what: 'imports dockerode',
    pattern: /['"]dockerode['"]/,
    where: /./,
    except: /^src\/(containers|images)\//,
  },
  {
    what: 'reads process.env',
    pattern: /\bprocess\.env\b/,
    where: /^(src|jobs|web)\//,
    // Besides the settings: what programs inherit that Hone starts (git, its HTTP backend), the program that git's hook
    // starts, and the TLS switch of the engine's own convention.
    except:
      /^src\/(config\.ts|git\/adapter\.ts|http\/git-remote\.ts|http\/hook-client\.mjs|containers\/engine\.ts)$/,
  },
  {
    what: 'is not pure (clock or chance)',
    pattern: /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\brandom(UUID|Bytes)\b/,
    where: /^src\/(python|search|metrics|mail\/(compose|render))\b/,
    except: /$^/,
  },
  {
    what: 'is not pure (input or output)',
    pattern: /['"]node:(fs|net|http|https|child_process|dns|worker_threads)(\/promises)?['"]/,
    where: /^src\/(domain|python|search|metrics|mail\/(compose|render))\b/,
    // The grammar is a file of a package: read once, at start.
    except: /^src\/python\/parser\.ts$/,
  },
]

const CEILING = 400

export function partOf(path: string): string {
  for (const [part, pattern] of PARTS) {
    const match = pattern.exec(path)
    if (match) return part === 'src' ? (match[1] ?? part) : part
  }
  return 'unknown'
}

/** `train` for jobs/train.ts and for all of jobs/train/. */
const jobOf = (path: string) => /^jobs\/([a-z-]+)/.exec(path)?.[1]

/** @returns one sentence for each rule that is broken */
export function violations(sources: readonly Source[]): string[] {
  return [...sources.flatMap(importViolations), ...sources.flatMap(contentViolations), ...cycles(sources)]
}

function importViolations(source: Source): string[] {
  const part = partOf(source.path)
  if (part === 'compose') return []
  const rule = RULES[part]
  if (!rule) return [`${source.path} belongs to no part of the house`]
  return importsOf(source).flatMap(({ target, typeOnly }) => {
    if (target === null) return []
    const to = partOf(target)
    const say = (why: string) => [`${source.path} imports ${target}: ${why}`]
    if (part === 'jobs' && to === 'jobs') {
      return jobOf(source.path) === jobOf(target) ? [] : say('jobs never import one another')
    }
    if (to === part || rule.may.includes(to)) return []
    if (part !== 'web' && (to === 'domain' || to === 'shared')) return []
    if (rule.types.includes(to)) return typeOnly ? [] : say(`${part} may import only types of ${to}`)
    return say(`${part} may not import ${to}`)
  })
}

function contentViolations({ path, text }: Source): string[] {
  const code = withoutComments(text)
  const lines = text.split('\n').length - 1
  return [
    ...ONLY.filter(
      ({ pattern, where, except }) => where.test(path) && !except.test(path) && pattern.test(code),
    ).map(({ what }) => `${path} ${what}`),
    ...(lines > CEILING ? [`${path} has ${lines} lines; the ceiling is ${CEILING}`] : []),
  ]
}

function cycles(sources: readonly Source[]): string[] {
  const graph = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source).flatMap(({ target, typeOnly }) => (target && !typeOnly ? [target] : [])),
    ]),
  )
  return cyclesIn(graph).map((cycle) => `cycle: ${cycle.join(' -> ')}`)
}
