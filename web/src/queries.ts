import { QueryCache, QueryClient, skipToken, useQuery } from '@tanstack/react-query'
import type { OverviewView } from '../../src/http/contract/overview.ts'
import type {
  BranchView,
  CurveView,
  DeliveryView,
  HealthView,
  MailView,
  ProjectView,
  RunSummary,
  RunView,
  TrialView,
} from '../../src/http/contract.ts'
import { ApiError, getJson, getText, isFinal } from './api.ts'
import { signedOut } from './session.ts'

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) signedOut()
    },
  }),
  defaultOptions: {
    queries: {
      // The server may well be on this machine: the browser's idea of being offline says nothing.
      networkMode: 'always',
      retry: (failures, error) => !isFinal(error) && failures < 2,
      retryDelay: (failures) => Math.min(500 * 2 ** failures, 5000),
    },
    mutations: { networkMode: 'always' },
  },
})

const HEALTH_EVERY_MS = 10_000
const OVERVIEW_EVERY_MS = 10_000
const WAITING_EVERY_MS = 5000
/** The metrics of an epoch come too often to ask for all curves at each. */
const CURVES_EVERY_MS = 5000

/** Query keys begin with the kind of thing they hold: the live stream refreshes by them. */
export function useGet<T>(
  key: readonly (string | number)[],
  path: string,
  options: { every?: number | ((data: T | undefined) => number | false) } = {},
) {
  const { every } = options
  return useQuery<T>({
    queryKey: key,
    queryFn: ({ signal }) => getJson<T>(path, signal),
    ...(every === undefined
      ? {}
      : { refetchInterval: typeof every === 'number' ? every : (query) => every(query.state.data) }),
  })
}

export const useProjects = () => useGet<ProjectView[]>(['projects'], '/projects')
export const useProject = (name: string) =>
  useGet<ProjectView>(['projects', name], `/projects/${encodeURIComponent(name)}`)
export const useDeliveries = (name: string) =>
  useGet<DeliveryView[]>(['deliveries', name], `/projects/${encodeURIComponent(name)}/deliveries`)
export const useRuns = (project: string | null, limit: number) =>
  useGet<RunSummary[]>(
    ['runs', project ?? '', limit],
    `/runs?limit=${limit}${project === null ? '' : `&project=${encodeURIComponent(project)}`}`,
  )
/** For several runs at once. */
export const runOptions = (id: number) => ({
  queryKey: ['run', id],
  queryFn: ({ signal }: { signal: AbortSignal }) => getJson<RunView>(`/runs/${id}`, signal),
})
/** The patch from the source of one run to that of another. @param of changes when one of the sources does */
export const useRunPatch = (runId: number, against: number, source: 'best' | 'commit', of: string) =>
  useQuery({
    queryKey: ['run-patch', runId, against, source, of],
    queryFn: ({ signal }) => getText(`/runs/${runId}/diff?against=${against}&of=${source}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
export const useRun = (id: number) =>
  // What it waits for is mostly another run, whose events it does not hear.
  useGet<RunView>(['run', id], `/runs/${id}`, { every: (run) => (run?.waits ? WAITING_EVERY_MS : false) })
export const useCurves = (runId: number, alive: boolean) =>
  useGet<CurveView[]>(['curves', runId], `/runs/${runId}/curves`, alive ? { every: CURVES_EVERY_MS } : {})
/** What this page made in a repository elsewhere, which the server does not ask again. */
const madeBranch = (trialId: number) => ['made-branch', trialId]
/** The branch of a trial's source that is there already, as far as Hone knows; null where there is none. */
export function useBranch(trialId: number) {
  const there = useGet<BranchView | null>(['branch', trialId], `/trials/${trialId}/branch`)
  const made = useQuery<BranchView>({
    ...{ queryKey: madeBranch(trialId), queryFn: skipToken },
    gcTime: Number.POSITIVE_INFINITY,
  })
  return made.data === undefined ? there : { data: made.data, isPending: false }
}
/** @param isOwn whether it was made in Hone's own remote */
export const keepBranch = (trialId: number, isOwn: boolean, made: BranchView) =>
  queryClient.setQueryData(isOwn ? ['branch', trialId] : madeBranch(trialId), made)
export const useTrial = (id: number) => useGet<TrialView>(['trial', id], `/trials/${id}`)
/** The patch from one trial of a run, by its number, to another; sources never change. */
export const usePatch = (trialId: number, against: number) =>
  useQuery({
    queryKey: ['patch', trialId, against],
    queryFn: ({ signal }) => getText(`/trials/${trialId}/diff?against=${against}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
/** What waits, and a project that the command line made, tell of no event. */
export const useOverview = () => useGet<OverviewView>(['overview'], '/overview', { every: OVERVIEW_EVERY_MS })
/** A run by its number within its project. */
export const useRunNumber = (project: string, number: string) =>
  useGet<RunSummary>(
    ['run-number', project, number],
    `/projects/${encodeURIComponent(project)}/runs/${number}`,
  )
export const useMails = () => useGet<MailView[]>(['mails'], '/mails')
export const useMail = (id: number) => useGet<MailView>(['mails', id], `/mails/${id}`)
export const useHealth = () => useGet<HealthView>(['health'], '/health', { every: HEALTH_EVERY_MS })
