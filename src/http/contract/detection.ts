import { z } from 'zod'
import { FAMILIES, FRAMEWORKS, TASKS } from '../../domain/detection.ts'

const maybe = <T extends z.ZodType>(type: T) => type.nullable()

export const EvidenceView = z
  .object({ file: z.string(), line: z.number().int(), text: z.string(), why: z.string() })
  .meta({ id: 'Evidence' })

export const VersionHintView = EvidenceView.extend({ change: z.string(), runsOn: z.string() }).meta({
  id: 'VersionHint',
})

const parameterValue = z.union([z.number(), z.string(), z.boolean()])
const numeric = { low: z.number(), high: z.number(), log: z.boolean() }

export const DistributionView = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('float'), ...numeric }),
    z.object({ type: z.literal('int'), ...numeric }),
    z.object({ type: z.literal('categorical'), choices: z.array(parameterValue) }),
  ])
  .meta({ id: 'Distribution' })

export const HyperparameterView = z
  .object({
    name: z.string(),
    file: z.string(),
    line: z.number().int(),
    column: z.number().int(),
    value: parameterValue,
    distribution: DistributionView,
    /** Where the range was published, or the line of hone.yaml that gives it. */
    source: z.string(),
    /** Further places that change with it. */
    ties: z.array(z.object({ file: z.string(), line: z.number().int(), times: z.number(), why: z.string() })),
    /** It matters only while the other one has one of these values. */
    condition: maybe(z.object({ name: z.string(), values: z.array(parameterValue) })),
    /** Whether it stands for a number of layers, so that another value adds or removes some. */
    structure: z.boolean(),
  })
  .meta({ id: 'Hyperparameter' })

export const DetectionView = z
  .object({
    framework: z.enum(FRAMEWORKS),
    family: maybe(z.enum(FAMILIES)),
    task: z.enum(TASKS),
    metric: z.object({ name: z.string(), direction: z.enum(['maximize', 'minimize']) }),
    /** Code for an older version of the framework, with what to write instead. */
    versions: z.array(VersionHintView),
    /** Null for a run of an earlier Hone, which did not write it down. */
    image: maybe(
      z.object({
        name: z.string(),
        reason: z.string(),
        /** What the repository needs on top of it, and where it says so. */
        packages: z.array(z.object({ text: z.string(), file: z.string(), line: z.number().int() })),
      }),
    ),
    /** Graphics cards of each training. */
    gpus: z.number().int(),
    /** Null for a run of an earlier Hone, which did not look for it. */
    network: maybe(
      z.object({
        on: z.boolean(),
        /** Whether a setting says so; else what the source was seen to do. */
        set: z.boolean(),
        /** What uses it. */
        evidence: z.array(EvidenceView),
      }),
    ),
    entry: z.string(),
    args: z.array(z.string()),
    evidence: z.array(EvidenceView),
    hyperparameters: z.array(HyperparameterView),
    leftAlone: z.array(
      z.object({
        name: z.string(),
        file: z.string(),
        line: z.number().int(),
        text: z.string(),
        reason: z.string(),
      }),
    ),
  })
  .meta({ id: 'Detection' })

export type DetectionView = z.infer<typeof DetectionView>
export type DistributionView = z.infer<typeof DistributionView>
export type HyperparameterView = z.infer<typeof HyperparameterView>
