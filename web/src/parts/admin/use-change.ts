import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'

/** A change of something on the page Admin: what hangs on it is asked for again, whether it succeeded or not. */
export function useChange<Answer, Request = void>(
  change: (request: Request) => Promise<Answer>,
): UseMutationResult<Answer, Error, Request> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: ['admin'] }),
  })
}
