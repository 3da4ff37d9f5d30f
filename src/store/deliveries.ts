import { inflateRawSync } from 'node:zlib'
import type { Delivery } from '../domain/project.ts'
import type { StoreBase } from './base.ts'
import { nextId } from './next-id.ts'

interface Row {
  id: number
  project_id: number
  delivery_id: string
  event: string
  outcome: Delivery['outcome']
  reason: string | null
  run_id: number | null
  payload: Buffer
  payload_packed: number
  received_at: number
}

const toDelivery = (row: Row): Delivery => ({
  id: row.id,
  projectId: row.project_id,
  deliveryId: row.delivery_id,
  event: row.event,
  outcome: row.outcome,
  reason: row.reason,
  runId: row.run_id,
  payload: row.payload_packed ? inflateRawSync(row.payload) : row.payload,
  receivedAt: row.received_at,
})

export type NewestDelivery = Pick<Delivery, 'projectId' | 'event' | 'outcome' | 'reason' | 'receivedAt'>

export function deliveryTable({ db, events, now }: StoreBase) {
  return {
    insert(delivery: Omit<Delivery, 'id' | 'receivedAt'>): Delivery {
      const row = db
        .prepare(
          `INSERT INTO deliveries (id, project_id, delivery_id, event, outcome, reason, run_id, payload, received_at)
           VALUES (${nextId('deliveries')}, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
        )
        .get(
          delivery.projectId,
          delivery.deliveryId,
          delivery.event,
          delivery.outcome,
          delivery.reason,
          delivery.runId,
          delivery.payload,
          now(),
        )
      const inserted = toDelivery(row as Row)
      const { id, projectId, outcome, reason, runId } = inserted
      events.append('delivery', { projectId, runId }, { id, event: delivery.event, outcome, reason })
      return inserted
    },
    /** What became of one that was refused, now that it came again. */
    settle(id: number, change: Pick<Delivery, 'outcome' | 'reason' | 'runId'>): Delivery {
      const row = db
        .prepare('UPDATE deliveries SET outcome = ?, reason = ?, run_id = ? WHERE id = ? RETURNING *')
        .get(change.outcome, change.reason, change.runId, id)
      const settled = toDelivery(row as Row)
      const { projectId, runId, event, outcome, reason } = settled
      events.append('delivery', { projectId, runId }, { id, event, outcome, reason })
      return settled
    },
    byDeliveryId(projectId: number, deliveryId: string): Delivery | null {
      const row = db
        .prepare('SELECT * FROM deliveries WHERE project_id = ? AND delivery_id = ?')
        .get(projectId, deliveryId)
      return row === undefined ? null : toDelivery(row as Row)
    },
    /** Those of a project that made no run because too many waited. */
    refused: (projectId: number): Delivery[] =>
      (
        db
          .prepare(`SELECT * FROM deliveries WHERE project_id = ? AND outcome = 'refused'`)
          .all(projectId) as Row[]
      ).map(toDelivery),
    /** The newest of a project, or of all; without its payload. */
    newest: (projectId: number | null = null): NewestDelivery | null =>
      (db
        .prepare(
          `SELECT project_id AS projectId, event, outcome, reason, received_at AS receivedAt FROM deliveries
           ${projectId === null ? '' : 'WHERE project_id = @projectId'} ORDER BY id DESC LIMIT 1`,
        )
        .get({ projectId }) ?? null) as NewestDelivery | null,
    /** Newest first. */
    ofProject: (projectId: number, limit = 50): Delivery[] =>
      (
        db
          .prepare('SELECT * FROM deliveries WHERE project_id = ? ORDER BY id DESC LIMIT ?')
          .all(projectId, limit) as Row[]
      ).map(toDelivery),
  }
}
