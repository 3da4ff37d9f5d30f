import type { MetricView } from '../../src/http/contract.ts'

export const aMetric = (change: Partial<MetricView> = {}): MetricView => ({
  ...{
    attemptId: 1,
    name: 'accuracy',
    split: 'test',
    value: 1,
    step: null,
    source: 'log',
    evidence: 'x',
    line: 3,
  },
  ...{ decisive: false, ...change },
})
