import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type {
  BadgeView,
  DeliveryPayloadView,
  MetricHistoryView,
  RunFiltersView,
  RunSummary,
  SettingFieldView,
} from '../../../src/http/contract.ts'
import { getJson } from '../api.ts'
import { useGet } from '../queries.ts'
import { type RunFilter, runQuery } from './run-filter.ts'

const at = (project: string, part: string) => `/projects/${encodeURIComponent(project)}/${part}`

/** What is shown stays until the runs of another filter are there, so that nothing jumps. */
export const useFilteredRuns = (project: string, filter: RunFilter, limit: number) =>
  useQuery({
    queryKey: ['runs', project, filter, limit],
    queryFn: ({ signal }) => getJson<RunSummary[]>(`/runs?${runQuery(project, filter, limit)}`, signal),
    placeholderData: keepPreviousData,
  })
export const useRunFilters = (project: string) =>
  useGet<RunFiltersView>(['runs', project, 'filters'], at(project, 'run-filters'))
export const useMetricHistory = (project: string, branch: string | null) =>
  useGet<MetricHistoryView>(
    ['metric-history', project, branch ?? ''],
    at(project, `metric-history${branch === null ? '' : `?branch=${encodeURIComponent(branch)}`}`),
  )
export const useSettingFields = () => useGet<SettingFieldView[]>(['settings-schema'], '/settings-schema')
export const useDeliveryPayload = (project: string, deliveryId: string) =>
  useGet<DeliveryPayloadView>(
    ['deliveries', project, deliveryId],
    at(project, `deliveries/${encodeURIComponent(deliveryId)}`),
  )
export const useBadge = (project: string) => useGet<BadgeView>(['badge', project], at(project, 'badge'))
