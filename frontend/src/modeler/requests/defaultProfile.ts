/** The profile that a new request is sent with: the one that people sign in with, else the first. */
import { useDocument, useDocuments } from '../documents';
import { shortName } from '../places';

export function useDefaultProfile(): string | null {
  const profiles = useDocuments('profile').filter(({ type }) => type !== 'saml').map(({ name }) => shortName(name));
  const signOn = useDocument('app.yaml').value?.sign_on;
  return profiles.find((name) => name === signOn) ?? profiles[0] ?? null;
}
