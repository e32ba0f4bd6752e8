/** Starts an application in the browser: styles with the page's nonce, the theme, the routes. */
import {
  createDOMRenderer,
  FluentProvider,
  RendererProvider,
  webDarkTheme,
  webLightTheme,
} from '@fluentui/react-components';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import type { DataRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import './base.css';
import { ThemeProvider, useTheme } from './theme';

function Root({ router }: { router: DataRouter }): React.JSX.Element {
  const { dark } = useTheme();
  useEffect(() => {
    document.documentElement.dataset.colorScheme = dark ? 'dark' : 'light';
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  }, [dark]);
  return (
    <FluentProvider theme={dark ? webDarkTheme : webLightTheme}>
      <RouterProvider router={router} />
    </FluentProvider>
  );
}

export function start(router: DataRouter): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
  const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });
  createRoot(document.getElementById('root')!).render(
    <RendererProvider renderer={renderer} targetDocument={document}>
      <ThemeProvider>
        <Root router={router} />
      </ThemeProvider>
    </RendererProvider>,
  );
}
