import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import {
  BadgeView,
  DeliveryPayloadView,
  MetricHistoryView,
  RotatedView,
  RotateRequest,
  RunFiltersView,
  SettingFieldView,
} from './contract.ts'
import { json, name, op } from './openapi-operation.ts'

const deliveryId = z.string().meta({ description: 'As the lists of deliveries give it' })

/** What hangs below a project besides its runs. */
export const projectPaths: ZodOpenApiPathsObject = {
  '/settings-schema': {
    get: op('All settings with their defaults and bounds, for a form', json(z.array(SettingFieldView))),
  },
  '/projects/{name}/run-filters': {
    get: op('Branches and authors that the runs can be filtered by', json(RunFiltersView), {
      requestParams: { path: name },
    }),
  },
  '/projects/{name}/metric-history': {
    get: op('The best metric of each of the newest runs, the oldest first', json(MetricHistoryView), {
      requestParams: { path: name, query: z.object({ branch: z.string().optional() }) },
    }),
  },
  '/projects/{name}/rotate': {
    post: op(
      'A new webhook secret, push token or key of the badge; the old one is refused',
      json(RotatedView),
      {
        requestParams: { path: name },
        body: RotateRequest,
      },
    ),
  },
  '/projects/{name}/deliveries/{deliveryId}': {
    get: op('The payload of a delivery, up to 64 KiB, and what Hone answered', json(DeliveryPayloadView), {
      requestParams: { path: name.extend({ deliveryId }) },
    }),
  },
  '/projects/{name}/badge': {
    get: op('The address of the badge, and how a README shows it', json(BadgeView), {
      requestParams: { path: name },
    }),
  },
}
