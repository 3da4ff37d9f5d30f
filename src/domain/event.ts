/** What the store says happened, in order; the id is the cursor of the live stream. */
export interface StoredEvent {
  id: number
  runId: number | null
  projectId: number | null
  type: EventType
  data: Record<string, unknown>
  at: number
}

export type EventType =
  | 'project'
  | 'delivery'
  | 'run'
  | 'job'
  | 'trial'
  | 'attempt'
  | 'metric'
  | 'mail'
  | 'progress'
