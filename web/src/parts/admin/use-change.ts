import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'

/**
 * A change of something on the page Admin: what hangs on it is asked for again, whether it succeeded or not; who is signed
 * in, too, since it may have been their own role.
 */
export function useChange<Answer, Request = void>(
  change: (request: Request) => Promise<Answer>,
): UseMutationResult<Answer, Error, Request> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all(['admin', 'me'].map((part) => client.invalidateQueries({ queryKey: [part] }))),
  })
}
