/** Variables that list folders: what an image has in them stays, behind what a container is given. */
const LISTS = ['PYTHONPATH']

/**
 * A container's environment where its image has one too: the container's own counts, but lists of folders are joined. Pure.
 * @param image `NAME=value` of each variable of the image
 */
export function withImageLists(
  own: Record<string, string>,
  image: readonly string[],
): Record<string, string> {
  const joined = LISTS.flatMap((name) => {
    const other = image.find((variable) => variable.startsWith(`${name}=`))?.slice(name.length + 1)
    return own[name] && other ? [[name, `${own[name]}:${other}`]] : []
  })
  return { ...own, ...Object.fromEntries(joined) }
}
