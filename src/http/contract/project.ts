import { z } from 'zod'
import { FIELD_KINDS } from '../../domain/setting-fields.ts'
import { SETTING_GROUPS } from '../../domain/setting-words.ts'

/** What the API says of a project besides its rows: settings as a form, secrets, deliveries in full, the badge. */

const maybe = <T extends z.ZodType>(type: T) => type.nullable()

export const SettingFieldView = z
  .object({
    name: z.string(),
    group: z.enum(SETTING_GROUPS),
    title: z.string(),
    description: z.string(),
    /** Of a number. */
    unit: z.string().optional(),
    kind: z.enum(FIELD_KINDS),
    /** Null where `unset` says in words what holds. */
    default: z.unknown(),
    unset: z.string().optional(),
    choices: z.array(z.union([z.string(), z.boolean()])).optional(),
    min: z.number().optional(),
    above: z.number().optional(),
    max: z.number().optional(),
  })
  .meta({ id: 'SettingField' })

export const RotateRequest = z
  .strictObject({ what: z.enum(['secret', 'push-token', 'badge']) })
  .meta({ id: 'RotateRequest' })

export const BadgeView = z.object({ url: z.string(), markdown: z.string() }).meta({ id: 'Badge' })

/** The one of the three that was asked for; the first two are shown this once. */
export const RotatedView = z
  .object({ secret: z.string().optional(), pushToken: z.string().optional(), badge: BadgeView.optional() })
  .meta({ id: 'Rotated' })

export const RunFiltersView = z
  .object({
    /** Names of the branches and tags that have runs. */
    branches: z.array(z.string()),
    authors: z.array(z.string()),
  })
  .meta({ id: 'RunFilters' })

export const MetricPointView = z
  .object({
    run: z.number().int(),
    number: z.number().int(),
    sha: z.string(),
    ref: z.string(),
    message: maybe(z.string()),
    state: z.string(),
    best: z.number(),
    target: z.number(),
  })
  .meta({ id: 'MetricPoint' })

export const MetricHistoryView = z
  .object({
    /** The metric of the newest run that has a value; runs with another one are left out. */
    metric: maybe(z.string()),
    direction: z.enum(['maximize', 'minimize']),
    /** The oldest first; the newest at most. */
    points: z.array(MetricPointView),
    /** Runs that were left out because they have another metric. */
    others: z.number().int(),
  })
  .meta({ id: 'MetricHistory' })

export const DeliveryPayloadView = z
  .object({
    /** As received, up to 64 KiB. */
    payload: z.string(),
    bytes: z.number().int(),
    /** Whether the payload is longer than what is shown. */
    cut: z.boolean(),
    /** What Hone answered: the status of HTTP and the body, or what it printed to who pushed. */
    answer: z.object({ status: maybe(z.number().int()), body: z.string() }),
  })
  .meta({ id: 'DeliveryPayload' })

export type SettingFieldView = z.infer<typeof SettingFieldView>
export type RotateRequest = z.infer<typeof RotateRequest>
export type RotatedView = z.infer<typeof RotatedView>
export type RunFiltersView = z.infer<typeof RunFiltersView>
export type MetricPointView = z.infer<typeof MetricPointView>
export type MetricHistoryView = z.infer<typeof MetricHistoryView>
export type DeliveryPayloadView = z.infer<typeof DeliveryPayloadView>
export type BadgeView = z.infer<typeof BadgeView>
