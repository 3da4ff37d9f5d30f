import { z } from 'zod'
import type { ZodOpenApiOperationObject } from 'zod-openapi'
import { ErrorView } from './contract.ts'

export const name = z.object({ name: z.string().meta({ description: "The project's name" }) })

type Content = Record<string, { schema: z.ZodType }>

export const json = (schema: z.ZodType): Content => ({ 'application/json': { schema } })
export const text = (type: string): Content => ({ [type]: { schema: z.string() } })
const error = (description: string) => ({ description, content: json(ErrorView) })

interface Shape extends Pick<ZodOpenApiOperationObject, 'requestParams'> {
  body?: z.ZodType
  status?: '200' | '201' | '202' | '204'
  errors?: Record<`${4 | 5}${number}`, string>
}

/** One operation: what it does, what it answers, and how it fails. */
export function op(summary: string, content: Content | null, shape: Shape = {}): ZodOpenApiOperationObject {
  const { body, status = '200', errors = {}, requestParams } = shape
  const path = requestParams?.path !== undefined
  const failures = {
    '401': 'No token, or a wrong one',
    ...(path ? { '404': 'There is no such thing' } : {}),
    ...(body || requestParams?.query ? { '400': 'The request is wrong; the message names each field' } : {}),
    ...errors,
  }
  return {
    summary,
    ...(requestParams ? { requestParams } : {}),
    ...(body ? { requestBody: { required: true, content: json(body) } } : {}),
    responses: {
      [status]: { description: summary, ...(content ? { content } : {}) },
      ...Object.fromEntries(Object.entries(failures).map(([code, why]) => [code, error(why)])),
    },
  }
}
