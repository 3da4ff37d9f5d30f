/** The address of Hone's own remote with the token as password, so that git does not ask for it. */
export const withPushToken = (remote: string, pushToken: string) =>
  remote.replace('://', `://hone:${pushToken}@`)
