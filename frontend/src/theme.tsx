/** Light, dark or as the system says; remembered in this browser. */
import { createContext, useContext, useEffect, useMemo, useState } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';

interface ThemeState {
  choice: ThemeChoice;
  dark: boolean;
  choose: (choice: ThemeChoice) => void;
}

const storageKey = 'graphwright.theme';
const ThemeContext = createContext<ThemeState>({ choice: 'system', dark: false, choose: () => {} });

function readChoice(): ThemeChoice {
  const stored = localStorage.getItem(storageKey);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function ThemeProvider({ children }: { children: React.ReactNode }): React.JSX.Element {
  const [choice, setChoice] = useState(readChoice);
  const [systemDark, setSystemDark] = useState(
    () => matchMedia('(prefers-color-scheme: dark)').matches,
  );
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const changed = (): void => setSystemDark(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  const state = useMemo<ThemeState>(
    () => ({
      choice,
      dark: choice === 'dark' || (choice === 'system' && systemDark),
      choose: (next) => {
        if (next === 'system') localStorage.removeItem(storageKey);
        else localStorage.setItem(storageKey, next);
        setChoice(next);
      },
    }),
    [choice, systemDark],
  );
  return <ThemeContext value={state}>{children}</ThemeContext>;
}

export function useTheme(): ThemeState {
  return useContext(ThemeContext);
}
